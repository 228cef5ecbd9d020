package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.group.GroupPicture;
import dev.orkestra.group.PictureDot;
import dev.orkestra.group.PictureJson;
import dev.orkestra.group.PictureMermaid;
import dev.orkestra.group.PictureText;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork graph}: draws in which order an ApplicationGroup's releases are worked on. */
@Command(
        name = "graph",
        header = "Draw in which order the releases of an ApplicationGroup are worked on.",
        description = {
            "From the cluster: with the staged charts, and how each release stands.",
            "From a file: without a cluster. Charts are not pulled, so the subcharts are",
            "those that the file declares; what else a chart embeds is not known.",
            "Unknown dependencies, circles and other errors are printed beside the picture."
        },
        footer = {
            "",
            "Examples:",
            "  ork graph bookinfo",
            "  ork graph -f applications/staging/shop.yaml",
            "  ork graph bookinfo --direction rollback",
            "  ork graph bookinfo -o mermaid --no-state > bookinfo.mmd",
            "  ork graph bookinfo -o dot | dot -Tsvg > bookinfo.svg"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:drawn",
            " 1:drawn, but the group has errors",
            " 2:there is nothing to draw, the cluster cannot be asked, or the arguments make no sense"
        })
final class GraphCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "GROUP",
            arity = "0..1",
            description = {
                "Name of the ApplicationGroup in the cluster, or with -f in the file.",
                "A file's name, with a / or .yaml, .yml or .json at its end, is taken as -f."
            })
    private @Nullable String name;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Draw the group in this file; no cluster is needed.")
    private @Nullable Path file;

    @Option(
            names = "--direction",
            paramLabel = "forward|reverse|rollback",
            defaultValue = "forward",
            description = {
                "forward: install the group; reverse: take it away;",
                "rollback: go back to the last spec that succeeded,",
                "which only the cluster knows. Default: ${DEFAULT-VALUE}."
            })
    private Direction direction = Direction.forward;

    @Option(
            names = "--detail",
            paramLabel = "applications|releases|steps",
            defaultValue = "releases",
            description = "How much is drawn; default: ${DEFAULT-VALUE}.")
    private Detail detail = Detail.releases;

    @Option(
            names = "--state",
            negatable = true,
            description = "Show the present state of each release. Default: with -o text from a cluster.")
    private @Nullable Boolean state;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|mermaid|dot|json",
            defaultValue = "text",
            description = "Form of the picture; default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    /** In small letters, as people type them. */
    enum Direction {
        forward,
        reverse,
        rollback
    }

    /** In small letters, as people type them. */
    enum Detail {
        applications,
        releases,
        steps
    }

    /** In small letters, as people type them. */
    enum Output {
        text,
        mermaid,
        dot,
        json
    }

    GraphCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * What is drawn, and what is wrong with it.
     *
     * @param texts the files' texts, by their names in findings
     */
    record Drawn(GroupPicture picture, List<Diagnostic> findings, Map<String, String> texts) {}

    /** Why there is no picture. */
    static final class NoPicture extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoPicture(String reason) {
            super(reason);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            return print(drawn());
        } catch (NoPicture e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (ClusterException e) {
            return failed(e.getMessage());
        }
    }

    private int failed(String reason) {
        terminal.err().println("ork graph: " + OneLine.of(reason));
        return 2;
    }

    private Drawn drawn() {
        Optional<Path> offline = Optional.ofNullable(file).or(this::namedFile);
        if (offline.isPresent()) {
            if (direction == Direction.rollback || Boolean.TRUE.equals(state)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "a file knows neither states nor what succeeded last; name a group of the cluster");
            }
            Optional<String> group = file == null ? Optional.empty() : Optional.ofNullable(name);
            return new FileGraph(terminal, limits.limits().file())
                    .draw(offline.get(), group, direction == Direction.reverse);
        }
        String group = name;
        if (group == null) {
            throw new ParameterException(spec.commandLine(), "name a GROUP of the cluster, or a file with -f");
        }
        try (KubeCluster cluster = options.connect(terminal)) {
            GroupReader reader = new GroupReader(cluster, options.namespace());
            boolean states = state == null ? output == Output.text : state;
            return new ClusterGraph(reader).draw(group, direction, states);
        }
    }

    /** A group may be called {@code a.yaml}, but then there is rarely a file of that name. */
    private Optional<Path> namedFile() {
        String given = name;
        if (given == null) {
            return Optional.empty();
        }
        String lower = given.toLowerCase(Locale.ROOT);
        boolean ends = lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
        boolean isFile = given.contains("/")
                || ends && Files.isRegularFile(terminal.folder().resolve(given));
        return isFile ? Optional.of(Path.of(given)) : Optional.empty();
    }

    private int print(Drawn drawn) throws InterruptedException {
        FindingPrinter printer = new FindingPrinter(terminal.err(), terminal.errColours());
        printer.print(drawn.findings(), drawn.texts());
        GroupPicture.Detail much = GroupPicture.Detail.valueOf(detail.name().toUpperCase(Locale.ROOT));
        terminal.out()
                .print(
                        switch (output) {
                            case text ->
                                PictureText.render(
                                        drawn.picture(),
                                        much,
                                        ScreenSize.of(terminal).columns(),
                                        terminal.colours());
                            case mermaid -> PictureMermaid.render(drawn.picture(), much);
                            case dot -> PictureDot.render(drawn.picture(), much);
                            case json ->
                                PictureJson.of(drawn.picture(), drawn.findings())
                                                .toPrettyString() + "\n";
                        });
        terminal.out().flush();
        return Diagnostic.anyError(drawn.findings()) ? 1 : 0;
    }
}
