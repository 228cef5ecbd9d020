package dev.orkestra.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code ork version}. */
@Command(name = "version", header = "Print the version of ork.", description = "")
final class VersionCommand implements Runnable {
    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        terminal.out().println(text());
    }

    /** Version of the jar, and of the Java that runs it, since both matter in a report. */
    static String text() {
        return "ork " + number() + ", Java " + Runtime.version();
    }

    /** Version of the jar. */
    static String number() {
        return Optional.ofNullable(Ork.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    /** For {@code ork --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
