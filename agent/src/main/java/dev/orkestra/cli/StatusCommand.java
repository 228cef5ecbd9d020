package dev.orkestra.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.release.GroupObjects;
import dev.orkestra.release.GroupTable;
import dev.orkestra.release.GroupTree;
import dev.orkestra.release.GroupView;
import dev.orkestra.release.GroupViewJson;
import dev.orkestra.release.GroupViews;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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

/** {@code ork status}: how ApplicationGroups stand, once or until the end. */
@Command(
        name = "status",
        header = "Show how ApplicationGroups stand.",
        description = {
            "With a name: the group, its workflows and each of its releases: what is",
            "ready, what runs and since when, what waits for what, and what failed, with",
            "the last lines of its log. Without a name: a table of all groups.",
            "Reads with your own rights, and changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  ork status",
            "  ork status bookinfo",
            "  ork status bookinfo --watch --timeout 15m",
            "  ork status bookinfo -o json"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:ready (with --watch also: deleted and gone); without a name: all are ready",
            " 1:not ready, or failed; with --watch: failed, or not ready within --timeout",
            " 2:there is no such group, the cluster cannot be asked, or the arguments make no sense"
        })
final class StatusCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "GROUP", arity = "0..1", description = "Name of the ApplicationGroup; default: all.")
    private @Nullable String name;

    @Option(
            names = {"-w", "--watch"},
            description = {
                "Follow the group until it is ready or has failed:",
                "drawn anew on a terminal, line by line elsewhere.",
                "What the agent tries again by itself, as a chart",
                "that cannot be pulled, is waited out."
            })
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "With --watch: how long at most, such as 90s or 15m; default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the result; default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    /** In small letters, as people type them. */
    enum Output {
        text,
        json,
        yaml
    }

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (watch && (name == null || output != Output.text)) {
            throw new ParameterException(spec.commandLine(), "--watch needs a GROUP, and prints text only");
        }
        Duration atMost = GoDuration.parse(timeout)
                .filter(each -> !each.isNegative())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--timeout needs a duration such as 90s, 15m or 1h30m"));
        try (KubeCluster cluster = options.connect(terminal)) {
            GroupReader reader = new GroupReader(cluster, options.namespace());
            return name == null ? all(reader) : one(reader, name, atMost);
        } catch (ClusterException e) {
            return failed(e.getMessage());
        }
    }

    private int one(GroupReader reader, String group, Duration atMost) throws InterruptedException {
        Optional<GroupObjects> found = reader.read(group);
        if (found.isEmpty()) {
            return failed("there is no ApplicationGroup " + group + "; 'ork status' lists those that there are");
        }
        reader.notes().forEach(note -> terminal.err().println("ork status: " + note));
        if (watch) {
            try (GroupWatch followed = new GroupWatch(reader, group)) {
                followed.awaitSynced();
                return new StatusWatch(terminal, clock, followed, group).follow(atMost);
            }
        }
        GroupView view = GroupViews.of(found.get());
        if (output == Output.text) {
            int width = ScreenSize.of(terminal).columns();
            GroupTree.lines(view, clock.instant(), width, terminal.colours()).forEach(terminal.out()::println);
        } else {
            print(GroupViewJson.of(view));
        }
        return view.verdict() == GroupView.Verdict.READY ? 0 : 1;
    }

    private int all(GroupReader reader) throws InterruptedException {
        List<GroupView> views = reader.all().stream().map(GroupViews::of).toList();
        reader.notes().forEach(note -> terminal.err().println("ork status: " + note));
        if (output == Output.text) {
            int width = ScreenSize.of(terminal).columns();
            GroupTable.lines(views, clock.instant(), width, terminal.colours()).forEach(terminal.out()::println);
        } else {
            ArrayNode json = JsonNodeFactory.instance.arrayNode();
            views.forEach(view -> json.add(GroupViewJson.of(view)));
            print(json);
        }
        return views.stream().allMatch(view -> view.verdict() == GroupView.Verdict.READY) ? 0 : 1;
    }

    private void print(JsonNode json) {
        terminal.out().print(output == Output.json ? json.toPrettyString() + "\n" : YamlPrinter.print(json));
        terminal.out().flush();
    }

    private int failed(String reason) {
        terminal.err().println("ork status: " + OneLine.of(reason));
        return 2;
    }
}
