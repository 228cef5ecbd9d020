package dev.orkestra.cli;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.schema.Schemas;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code ork}: the program, and the list of its commands. */
@Command(
        name = "ork",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        header = "Orkestra Agent: push a commit, and the environment becomes that commit or stays as it was.",
        synopsisSubcommandLabel = "COMMAND",
        description = "",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  ork validate -f overlays/production/komposer.yaml",
            "  ork compose -f overlays/production/komposer.yaml --provenance",
            "  ork plan --repo . staging",
            "  ork explain staging",
            "  ork status bookinfo --watch",
            "  ork help validate",
            "  source <(ork generate-completion)   # completion for bash and zsh"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it worked", " 1:there is something to mend", " 2:it could not run"})
public final class Ork implements Runnable {
    private static final Set<String> CHECKING = Set.of("validate", "compose");
    private static final Set<String> OFFLINE = Set.of("validate", "compose", "version", "help", "generate-completion");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    Ork() {}

    public static void main(String[] arguments) {
        prepareLogging(arguments.length == 0 ? "" : arguments[0]);
        if (arguments.length > 0 && CHECKING.contains(arguments[0])) {
            // Beside the reading of the command line, which takes as long.
            Thread.ofPlatform().daemon().start(() -> Schemas.bundled().prepare("Katalog"));
        }
        int exitCode = runWithin(arguments);
        if (arguments.length > 0 && OFFLINE.contains(arguments[0])) {
            // All is written and nothing runs any more. An exit in good order would prepare the JDK's logging first.
            System.err.flush();
            Runtime.getRuntime().halt(exitCode);
        }
        System.exit(exitCode);
    }

    /** What even a bound could not prevent ends with a word, not with a stack trace. */
    private static int runWithin(String... arguments) {
        try {
            return run(Terminal.ofProcess(System.getenv()), arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("ork: not enough memory; give it more, for example ORK_JAVA_OPTS=-Xmx2g");
        } catch (StackOverflowError e) {
            System.err.println("ork: the input is nested too deeply");
        }
        return 2;
    }

    /** Chosen before the first logger is made. */
    static void prepareLogging(String command) {
        if (command.equals("agent")) {
            // The agent's log is its output; the other commands keep quiet.
            System.setProperty("logback.configurationFile", "logback-agent.xml");
        } else if (OFFLINE.contains(command)) {
            // Their findings say all there is to say, and to start a logging library takes a quarter of their time.
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
    }

    /** The commands, in the order in which the help lists them. A new one is one more line here. */
    private static Map<String, Supplier<Object>> commands(Terminal terminal) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("agent", AgentCommand::new);
        commands.put("validate", () -> new ValidateCommand(terminal));
        commands.put("compose", () -> new ComposeCommand(terminal));
        commands.put("plan", () -> new PlanCommand(terminal));
        commands.put("apply", () -> new ApplyCommand(terminal));
        commands.put("sync", () -> new SyncCommand(terminal));
        commands.put("retry", () -> new RetryCommand(terminal));
        commands.put("rollback", () -> new RollbackCommand(terminal));
        commands.put("suspend", () -> new SuspendCommand(terminal));
        commands.put("resume", () -> new ResumeCommand(terminal));
        commands.put("history", () -> new HistoryCommand(terminal));
        commands.put("executor", () -> ExecutorCommand.with(terminal));
        commands.put("graph", () -> new GraphCommand(terminal));
        commands.put("explain", () -> new ExplainCommand(terminal));
        commands.put("status", () -> new StatusCommand(terminal));
        commands.put("version", () -> new VersionCommand(terminal));
        commands.put("help", CommandLine.HelpCommand::new);
        commands.put("generate-completion", GenerateCompletion::new);
        return commands;
    }

    static int run(Terminal terminal, String... arguments) {
        Map<String, Supplier<Object>> commands = commands(terminal);
        String first = arguments.length == 0 ? "" : arguments[0];
        boolean needsAll = !commands.containsKey(first) || first.equals("help") || first.equals("generate-completion");
        // To describe every command to picocli takes longer than most commands do, so one that is named stands alone.
        return commandLine(terminal, needsAll ? commands : Map.of(first, commands.get(first)))
                .execute(arguments);
    }

    /** All of it. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, commands(terminal));
    }

    private static CommandLine commandLine(Terminal terminal, Map<String, Supplier<Object>> commands) {
        CommandLine ork = new CommandLine(new Ork());
        commands.forEach((name, command) -> ork.addSubcommand(name, command.get()));
        ork.getSubcommands().values().forEach(command -> withHelp(command.getCommandSpec()));
        return ork.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Ork::wrongArguments)
                .setExecutionExceptionHandler((exception, command, _) -> {
                    command.getErr().println("ork: a defect; please report it with what follows");
                    exception.printStackTrace(command.getErr());
                    return 2;
                });
    }

    /** The message, and how the command is called: the whole help would push the message off the screen. */
    private static int wrongArguments(CommandLine.ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        CommandLine.Help help = command.getHelp();
        command.getErr().println(OneLine.of(String.valueOf(exception.getMessage())));
        CommandLine.UnmatchedArgumentException.printSuggestions(exception, command.getErr());
        command.getErr().print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
        command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return 2;
    }

    /** Every command answers {@code --help}, whether or not its class says so. */
    private static void withHelp(CommandSpec command) {
        if (command.findOption("--help") == null && !command.helpCommand()) {
            command.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        command.subcommands().values().forEach(nested -> withHelp(nested.getCommandSpec()));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
}
