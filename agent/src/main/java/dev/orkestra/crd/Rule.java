package dev.orkestra.crd;

import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelProgram;
import dev.orkestra.document.Node;
import java.util.List;
import java.util.Optional;

/**
 * A rule of {@code x-kubernetes-validations}.
 *
 * @param node where it is written
 * @param text the expression
 * @param message what to say when it is false; may be empty
 * @param path steps from the rule's value to the field at fault
 * @param optionalOldSelf whether it is asked of new objects too, though it names {@code oldSelf}
 * @param compiled what the expression is; empty when it is missing
 * @param messageProgram an expression for the message
 */
record Rule(
        Node.MapNode node,
        String text,
        String message,
        List<String> path,
        boolean optionalOldSelf,
        Optional<CelCompilation> compiled,
        Optional<CelProgram> messageProgram) {

    /** The expression, where it is right and known here. */
    Optional<CelProgram> program() {
        return compiled.flatMap(result -> result instanceof CelCompilation.Compiled(CelProgram program)
                ? Optional.of(program)
                : Optional.empty());
    }

    Rule with(CelCompilation rule, Optional<CelProgram> forMessage) {
        return new Rule(node, text, message, path, optionalOldSelf, Optional.of(rule), forMessage);
    }
}
