package dev.orkestra.cli;

import java.util.List;
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
            "  ork help validate",
            "  source <(ork generate-completion)   # completion for bash and zsh"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it worked", " 1:there is something to mend", " 2:it could not run"})
public final class Ork implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    Ork() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("agent")) {
            // The agent's log is its output; the other commands keep quiet. Read before the first logger is made.
            System.setProperty("logback.configurationFile", "logback-agent.xml");
        }
        System.exit(run(Terminal.ofProcess(System.getenv()), arguments));
    }

    /** The commands, in the order in which the help lists them. A new one is one more line here. */
    private static List<Object> commands(Terminal terminal) {
        return List.of(
                new AgentCommand(),
                new ValidateCommand(terminal),
                new ComposeCommand(terminal),
                new PlanCommand(terminal),
                new VersionCommand(terminal),
                new CommandLine.HelpCommand(),
                new GenerateCompletion());
    }

    static int run(Terminal terminal, String... arguments) {
        return commandLine(terminal).execute(arguments);
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine ork = new CommandLine(new Ork());
        commands(terminal).forEach(ork::addSubcommand);
        ork.getSubcommands().values().forEach(command -> withHelp(command.getCommandSpec()));
        return ork.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setExecutionExceptionHandler((exception, command, _) -> {
                    command.getErr().println("ork: a defect; please report it with what follows");
                    exception.printStackTrace(command.getErr());
                    return 2;
                });
    }

    /** Every command answers {@code --help}, whether or not its class says so. */
    private static void withHelp(CommandSpec command) {
        if (command.findOption("--help") == null && !command.helpCommand()) {
            command.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
}
