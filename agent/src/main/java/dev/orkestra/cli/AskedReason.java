package dev.orkestra.cli;

import dev.orkestra.outcome.OneLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A reason as a resource may hold it. */
final class AskedReason {
    /** The bound in the definitions of ConfigRepo and ConfigRun. */
    private static final int LONGEST = 1024;

    private AskedReason() {}

    /** @throws ParameterException when it says nothing, or too much */
    static String of(CommandSpec spec, String reason) {
        String one = OneLine.of(reason).strip();
        if (one.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--reason says nothing; whoever looks later must know why");
        }
        if (one.length() > LONGEST) {
            throw new ParameterException(
                    spec.commandLine(), "--reason is longer than " + LONGEST + " characters; say it in fewer words");
        }
        return one;
    }
}
