package dev.orkestra.release;

import dev.orkestra.report.Columns;
import dev.orkestra.report.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A view as a tree for a terminal. Pure: the same view at the same moment is the same text. */
public final class GroupTree {
    /** Of what failed steps said: the end tells why. */
    private static final int LOG_LINES = 10;
    /** Of the message of one release; all of it is in {@code kubectl}. */
    private static final int MESSAGE_LINES = 6;

    private static final int MOST_NAME = 28;
    private static final int BAR = 24;
    private static final int LABEL = 12;

    /** What is left out to save room. */
    private enum Fold {
        NOTHING,
        /** Applications that are done become one line each. */
        EACH_DONE,
        /** All applications that are done become one line. */
        ALL_DONE
    }

    private final GroupView view;
    private final Instant now;
    private final int width;
    private final boolean colours;
    private final Fold fold;
    /** Columns of the longest name of an application. */
    private final int names;

    private final List<String> lines = new ArrayList<>();

    private GroupTree(GroupView view, Instant now, int width, boolean colours, Fold fold) {
        this.view = view;
        this.now = now;
        this.width = Math.max(40, width);
        this.colours = colours;
        this.fold = fold;
        this.names = names(view.applications().stream().map(GroupView.App::name).toList());
    }

    /** All lines of {@code view}, none wider than {@code width}, as it is at {@code now}. */
    public static List<String> lines(GroupView view, Instant now, int width, boolean colours) {
        return new GroupTree(view, now, width, colours, Fold.NOTHING).draw();
    }

    /** As the other, but at most {@code rows} lines: what is done takes less and less room, then it is cut. */
    public static List<String> lines(GroupView view, Instant now, int width, boolean colours, int rows) {
        List<String> lines = List.of();
        for (Fold fold : Fold.values()) {
            lines = new GroupTree(view, now, width, colours, fold).draw();
            if (lines.size() <= rows) {
                return lines;
            }
        }
        List<String> cut = new ArrayList<>(lines.subList(0, Math.max(0, rows - 1)));
        cut.add("… " + Count.of(lines.size() - cut.size(), "more line"));
        return cut;
    }

    private List<String> draw() {
        header();
        view.runs().forEach(this::run);
        progress();
        waiting();
        if (!view.applications().isEmpty()) {
            lines.add("");
        }
        List<GroupView.App> shown = view.applications().stream()
                .filter(each -> fold != Fold.ALL_DONE || !isDone(each))
                .toList();
        int done = view.applications().size() - shown.size();
        if (done > 0) {
            String word = view.removesAll() ? "removed" : "ready";
            add(shown.isEmpty() ? "└─ " : "├─ ", "32", Count.of(done, "application") + " " + word);
        }
        for (int i = 0; i < shown.size(); i++) {
            application(shown.get(i), i + 1 == shown.size());
        }
        return lines;
    }

    private static boolean isDone(GroupView.App application) {
        return !application.releases().isEmpty()
                && application.releases().stream().allMatch(GroupView.Release::isDone);
    }

    private void header() {
        String age = Elapsed.since(view.created(), now)
                .map(each -> ", " + each + " old")
                .orElse("");
        String deleting = view.deleting() ? ", being deleted" : "";
        plain("", "1", "ApplicationGroup " + view.name() + age + deleting);
        GroupView.Ready ready = view.ready();
        String since =
                Elapsed.since(ready.since(), now).map(each -> ", for " + each).orElse("");
        String old = ready.current() ? "" : " (" + ready.notCurrent() + ")";
        String colour = !ready.current() ? "33" : readyColour(ready.status());
        labelled("Ready", colour, (ready.status() + " " + ready.reason()).strip() + since + old);
        if (!ready.message().isEmpty()) {
            labelled("", "", ready.message());
        }
        labelled(
                "Generation",
                "",
                view.generation() + ", observed " + number(view.observedGeneration()) + ", last succeeded "
                        + number(view.lastSucceededGeneration()));
    }

    private static String number(long generation) {
        return generation == 0 ? "none" : Long.toString(generation);
    }

    private static String readyColour(String status) {
        return switch (status) {
            case "True" -> "32";
            case "False" -> "31";
            default -> "33";
        };
    }

    private void run(GroupView.Run run) {
        String label = run.type().label();
        String steps = run.progress().isEmpty() ? "" : ", " + run.progress() + " steps";
        String time = run.started()
                .map(from -> run.finished()
                        .map(to -> ", took " + Elapsed.words(Duration.between(from, to)))
                        .orElseGet(() -> ", for " + Elapsed.words(Duration.between(from, now))))
                .orElse("");
        boolean said = run.status().equals("False") && !run.message().isEmpty();
        labelled(
                label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1),
                readyColour(run.status()),
                run.reason() + steps + time + (said ? ": " + run.message() : ""));
    }

    private void progress() {
        long total = view.releases().count();
        if (total > 0) {
            int full = Math.toIntExact(BAR * view.done() / total);
            String bar = "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
            labelled(
                    "Releases",
                    "",
                    bar + " " + view.progress() + " releases " + (view.removesAll() ? "removed" : "ready"));
        }
    }

    /** What everything else stands behind: the longest at work first. */
    private void waiting() {
        List<String> busy = new ArrayList<>();
        view.applications()
                .forEach(application -> application.releases().stream()
                        .filter(each ->
                                each.state() == GroupView.State.RUNNING || each.state() == GroupView.State.REMOVING)
                        .sorted(Comparator.comparing(each -> each.since().orElse(Instant.MAX)))
                        .forEach(each -> busy.add(path(application, each)
                                + Elapsed.since(each.since(), now)
                                        .map(time -> " for " + time)
                                        .orElse(""))));
        if (!busy.isEmpty() && view.verdict() == GroupView.Verdict.WORKING) {
            labelled("Waits for", "33", String.join(", ", busy));
        }
    }

    private static String path(GroupView.App application, GroupView.Release release) {
        return release.subchart() ? application.name() + "/" + release.name() : application.name();
    }

    private void application(GroupView.App application, boolean last) {
        String branch = last ? "└─ " : "├─ ";
        String stem = last ? "   " : "│  ";
        List<GroupView.Release> releases = application.releases();
        boolean single = releases.size() == 1 && !releases.getFirst().subchart();
        boolean folded = fold == Fold.EACH_DONE && isDone(application);
        String title = Columns.pad(application.name(), Math.max(names, 1));
        if (single) {
            GroupView.Release only = releases.getFirst();
            entry(branch, stem, title, application.version(), only);
        } else if (folded) {
            add(
                    branch,
                    "32",
                    title + "  " + Count.of(releases.size(), "release") + " "
                            + releases.getFirst().state().word());
        } else {
            String after = application.dependencies().isEmpty()
                    ? ""
                    : "  after " + String.join(", ", application.dependencies());
            add(branch, "", (title + "  " + application.version() + after).stripTrailing());
        }
        if (!application.error().isEmpty()) {
            block(stem + "     ", "31", List.of(application.error()), MESSAGE_LINES);
        }
        if (!single && !folded) {
            int inner = names(releases.stream().map(GroupView.Release::name).toList());
            for (int i = 0; i < releases.size(); i++) {
                GroupView.Release release = releases.get(i);
                boolean end = i + 1 == releases.size();
                entry(
                        stem + (end ? "└─ " : "├─ "),
                        stem + (end ? "   " : "│  "),
                        Columns.pad(release.name(), inner),
                        release.version(),
                        release);
            }
        }
    }

    private static int names(List<String> names) {
        return Math.min(MOST_NAME, names.stream().mapToInt(Columns::width).max().orElse(0));
    }

    private void entry(String branch, String stem, String title, String version, GroupView.Release release) {
        String old = release.installed().isEmpty()
                        || release.version().isEmpty()
                        || release.installed().equals(release.version())
                        || release.removes()
                ? ""
                : ", Helm has " + release.installed();
        String shown = version.isEmpty() ? "" : "  " + version;
        String state = state(release) + old;
        String line = title + shown + "  ";
        if (Columns.width(branch + line) + Columns.width(state) <= width) {
            lines.add(branch + line + coloured(colour(release.state()), Columns.cut(state, width)));
        } else {
            add(branch, "", line.stripTrailing());
            block(stem + "  ", colour(release.state()), List.of(state), MESSAGE_LINES);
        }
        if (release.state() == GroupView.State.FAILED || release.state() == GroupView.State.MISSING) {
            block(stem + "  ", "31", List.of(release.message()), MESSAGE_LINES);
            block(stem + "  | ", "2", tail(release.log()), LOG_LINES);
        } else if (!release.message().isEmpty() && release.state() != GroupView.State.READY) {
            block(stem + "  ", "2", List.of(release.message()), 2);
        }
    }

    private static List<String> tail(List<String> log) {
        List<String> all = log.stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .toList();
        return all.subList(Math.max(0, all.size() - LOG_LINES), all.size());
    }

    private String state(GroupView.Release release) {
        String word = release.state().word();
        String since = Elapsed.since(release.since(), now).orElse("");
        String took = release.took().map(Elapsed::words).orElse("");
        return switch (release.state()) {
            case READY, REMOVED -> took.isEmpty() ? word : word + " in " + took;
            case FAILED -> took.isEmpty() ? word : word + " after " + took;
            case RUNNING, REMOVING -> since.isEmpty() ? word : word + " for " + since;
            case WAITING ->
                release.waitsFor().isEmpty() ? word : word + " for " + String.join(", ", release.waitsFor());
            case SKIPPED, MISSING -> word;
        };
    }

    private static String colour(GroupView.State state) {
        return switch (state) {
            case READY -> "32";
            case RUNNING, REMOVING -> "33";
            case WAITING -> "36";
            case FAILED, MISSING -> "31";
            case SKIPPED, REMOVED -> "2";
        };
    }

    /** Texts of others, wrapped behind {@code prefix}; what is over {@code most} lines is counted. */
    private void block(String prefix, String colour, List<String> texts, int most) {
        List<String> wrapped = texts.stream()
                .filter(text -> !text.isBlank())
                .flatMap(text -> Columns.wrap(text, width - Columns.width(prefix)).stream())
                .toList();
        wrapped.stream().limit(most).forEach(line -> lines.add(prefix + coloured(colour, line)));
        if (wrapped.size() > most) {
            lines.add(prefix + "… " + Count.of(wrapped.size() - most, "more line"));
        }
    }

    private void labelled(String label, String colour, String words) {
        List<String> wrapped = Columns.wrap(words, width - LABEL);
        for (int i = 0; i < wrapped.size(); i++) {
            lines.add(Columns.pad(i == 0 ? label : "", LABEL) + coloured(colour, wrapped.get(i)));
        }
    }

    private void plain(String prefix, String colour, String words) {
        lines.addAll(Columns.wrap(words, width - prefix.length()).stream()
                .map(line -> prefix + coloured(colour, line))
                .collect(Collectors.toList()));
    }

    private void add(String branch, String colour, String words) {
        lines.add(branch + coloured(colour, Columns.cut(words, width - Columns.width(branch))));
    }

    private String coloured(String colour, String words) {
        return colours && !colour.isEmpty() && !words.isEmpty()
                ? "\u001B[" + colour + "m" + words + "\u001B[0m"
                : words;
    }
}
