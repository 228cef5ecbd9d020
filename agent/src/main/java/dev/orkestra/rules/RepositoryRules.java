package dev.orkestra.rules;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.List;

/** Rules about the objects of an environment and their order: found where its desired state is made. */
public final class RepositoryRules {
    private static final String OURS = "This agent finds it; Orkestra does not look at the repository around a Katalog";

    public static final RuleInfo CLEAR_SECRET =
            new RuleInfo("ClearSecret", Severity.WARNING, "a Secret stands in the repository in clear", """
            Whoever can read the repository, or once could, can read it: base64 hides nothing, and Git keeps what was
            removed. Let an operator make the Secret (External Secrets, a vault), or commit it encrypted (Sealed Secrets,
            SOPS), and change the value that was committed.""", OURS);

    public static final RuleInfo KATALOG_AFTER_RUNTIME = new RuleInfo(
            "KatalogAfterRuntime",
            Severity.WARNING,
            "an object waits for the Katalog, and the Katalog for a later wave",
            """
            The runtime reads the Katalog once, when it starts, from the ConfigMap orkestra-katalog. Without it the pod
            does not start, its wave does not become healthy, and the wave with the ConfigMap never comes. Put the
            runtime into the Katalog's wave, which is 1, or into a later one.""",
            OURS);

    public static final RuleInfo DEFINITION_AFTER_RESOURCE = new RuleInfo(
            "DefinitionAfterResource",
            Severity.WARNING,
            "a custom resource comes in an earlier wave than its definition",
            """
            In a new cluster the API server does not know the kind yet and refuses the object. Definitions come first
            within a wave by themselves: put both into one wave, or the definition into an earlier one.""",
            OURS);

    public static final RuleInfo NAMESPACE_AFTER_OBJECT = new RuleInfo(
            "NamespaceAfterObject",
            Severity.WARNING,
            "an object comes in an earlier wave than its namespace",
            """
            In a new cluster the namespace is not there yet and the API server refuses the object. Namespaces come first
            within a wave by themselves: put both into one wave, or the namespace into an earlier one.""",
            OURS);

    static final List<RuleInfo> ALL =
            List.of(CLEAR_SECRET, KATALOG_AFTER_RUNTIME, DEFINITION_AFTER_RESOURCE, NAMESPACE_AFTER_OBJECT);

    private RepositoryRules() {}

    /** That {@code rule} is broken at {@code position}. */
    public static Diagnostic finding(RuleInfo rule, Position position, String message, String hint) {
        return new Diagnostic(ErrorCode.RuleBroken, rule.severity(), message, position, hint, List.of(), rule.id());
    }
}
