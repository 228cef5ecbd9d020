package dev.orkestra.release;

import dev.orkestra.outcome.OneLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What changed between two looks at a group, a line for each: for logs, where nothing can be written over. */
public final class GroupChanges {
    private GroupChanges() {}

    /**
     * The lines, in the order of the work.
     *
     * @param before empty at the first look: then all that is known is told
     */
    public static List<String> between(Optional<GroupView> before, GroupView now) {
        List<String> lines = new ArrayList<>();
        if (before.isEmpty()) {
            lines.add("ApplicationGroup " + now.name() + ", generation " + now.generation());
        } else if (before.get().generation() != now.generation()) {
            lines.add("generation " + now.generation());
        }
        Map<String, String> runs = before.map(GroupChanges::runs).orElseGet(Map::of);
        runs(now).forEach((type, words) -> {
            if (!words.equals(runs.get(type))) {
                lines.add("workflow " + type + ": " + words);
            }
        });
        Map<String, GroupView.Release> known =
                before.map(GroupChanges::releases).orElseGet(Map::of);
        now.applications().forEach(application -> {
            for (GroupView.Release release : application.releases()) {
                String key = application.name() + "/" + release.name();
                GroupView.Release old = known.get(key);
                // What it waits for gets less with each release that ends; that is told of those.
                if (old == null || old.state() != release.state()) {
                    String from = old == null ? "" : state(old) + " -> ";
                    lines.add("release " + key + ": " + from + state(release) + said(release));
                }
            }
        });
        String ready = ready(now);
        if (before.isEmpty() || !ready(before.get()).equals(ready)) {
            lines.add(ready + ", " + now.progress() + " releases " + (now.removesAll() ? "removed" : "ready"));
        }
        return lines.stream().map(OneLine::of).toList();
    }

    private static String ready(GroupView view) {
        GroupView.Ready ready = view.ready();
        String old = ready.current() ? "" : " (" + ready.notCurrent() + ")";
        return "Ready " + ready.status() + (ready.reason().isEmpty() ? "" : " " + ready.reason()) + old
                + (ready.message().isEmpty() ? "" : ": " + ready.message());
    }

    private static Map<String, String> runs(GroupView view) {
        return view.runs().stream()
                .collect(Collectors.toMap(
                        run -> run.type().label(), GroupView.Run::reason, (one, _) -> one, TreeMap::new));
    }

    private static Map<String, GroupView.Release> releases(GroupView view) {
        Map<String, GroupView.Release> releases = new HashMap<>();
        view.applications()
                .forEach(application -> application
                        .releases()
                        .forEach(release -> releases.put(application.name() + "/" + release.name(), release)));
        return releases;
    }

    private static String state(GroupView.Release release) {
        return release.waitsFor().isEmpty()
                ? release.state().word()
                : release.state().word() + " for " + String.join(", ", release.waitsFor());
    }

    private static String said(GroupView.Release release) {
        if (release.state() != GroupView.State.FAILED && release.state() != GroupView.State.MISSING) {
            return "";
        }
        String message = release.message().isEmpty() ? String.join("; ", release.log()) : release.message();
        return message.isEmpty() ? "" : ": " + message;
    }
}
