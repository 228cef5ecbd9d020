package dev.orkestra.cli;

import dev.orkestra.executor.Deadline;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.release.Elapsed;
import dev.orkestra.release.GroupChanges;
import dev.orkestra.release.GroupTree;
import dev.orkestra.release.GroupView;
import dev.orkestra.release.GroupViews;
import dev.orkestra.report.Columns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows a group until it is ready, has failed or is gone: drawn over and over on a terminal, as a log elsewhere. */
final class StatusWatch {
    /** Four pictures a second are as many as anybody can read. */
    private static final Duration SHORTEST = Duration.ofMillis(250);
    /** Nothing changed, but the times that are shown did. */
    private static final Duration TICK = Duration.ofSeconds(1);
    /** As shells count the end by Ctrl-C; the process ends so by itself. */
    private static final int STOPPED = 130;

    private final Terminal terminal;
    private final InstantSource clock;
    private final GroupWatch watch;
    private final String name;
    private Optional<GroupView> last = Optional.empty();
    private String lastTrouble = "";

    StatusWatch(Terminal terminal, InstantSource clock, GroupWatch watch, String name) {
        this.terminal = terminal;
        this.clock = clock;
        this.watch = watch;
        this.name = name;
    }

    /** Returns the exit code. */
    int follow(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        return terminal.screen() ? drawn(deadline) : logged(deadline);
    }

    private int drawn(Deadline deadline) throws InterruptedException {
        ScreenSize size = ScreenSize.of(terminal);
        try (LiveScreen screen = new LiveScreen(terminal.out())) {
            while (true) {
                long seen = watch.seen();
                Optional<GroupView> view = view();
                screen.draw(picture(view, size));
                Optional<Integer> end = end(view, deadline);
                if (end.isPresent()) {
                    return end.get();
                }
                // What changes meanwhile is in the next picture.
                if (screen.awaitStop(SHORTEST)) {
                    return STOPPED;
                }
                watch.awaitAfter(seen, deadline.leftAtMost(TICK));
            }
        }
    }

    private List<String> picture(Optional<GroupView> view, ScreenSize size) {
        // Of the last column terminals have different notions.
        int width = size.columns() - 1;
        List<String> lines = new ArrayList<>();
        view.ifPresentOrElse(
                present -> lines.addAll(
                        GroupTree.lines(present, clock.instant(), width, terminal.colours(), size.rows() - 3)),
                () -> lines.add("ApplicationGroup " + name + " is gone"));
        watch.trouble().ifPresent(trouble -> lines.add(Columns.cut("not up to date: " + trouble, width)));
        return lines;
    }

    private int logged(Deadline deadline) throws InterruptedException {
        while (true) {
            long seen = watch.seen();
            Optional<GroupView> before = last;
            Optional<GroupView> view = view();
            view.ifPresent(present -> GroupChanges.between(before, present).forEach(this::log));
            String trouble = watch.trouble().orElse("");
            if (!trouble.equals(lastTrouble)) {
                log(trouble.isEmpty() ? "up to date again" : "not up to date: " + trouble);
                lastTrouble = trouble;
            }
            Optional<Integer> end = end(view, deadline);
            if (end.isPresent()) {
                return end.get();
            }
            watch.awaitAfter(seen, deadline.leftAtMost(Duration.ofSeconds(30)));
        }
    }

    private void log(String line) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        terminal.out().println(now + " " + OneLine.of(line));
        terminal.out().flush();
    }

    private Optional<GroupView> view() {
        Optional<GroupView> view = watch.now().map(GroupViews::of);
        if (view.isPresent()) {
            last = view;
        }
        return view;
    }

    private Optional<Integer> end(Optional<GroupView> view, Deadline deadline) {
        if (view.isEmpty()) {
            if (!terminal.screen()) {
                log("ApplicationGroup " + name + " is gone");
            }
            return Optional.of(last.filter(GroupView::deleting).isPresent() ? 0 : 1);
        }
        if (view.get().verdict() != GroupView.Verdict.WORKING) {
            return Optional.of(view.get().verdict() == GroupView.Verdict.READY ? 0 : 1);
        }
        if (deadline.passed()) {
            terminal.err().println("ork status: " + name + " is not ready within " + words(deadline));
            return Optional.of(1);
        }
        return Optional.empty();
    }

    private static String words(Deadline deadline) {
        return Elapsed.words(deadline.length());
    }
}
