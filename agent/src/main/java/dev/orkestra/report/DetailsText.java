package dev.orkestra.report;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.rules.KatalogDetails;
import dev.orkestra.rules.KatalogDetails.CrdDetails;
import dev.orkestra.rules.Permission;
import dev.orkestra.rules.ProfileNames;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Details for people. */
public final class DetailsText {
    private final StringBuilder text = new StringBuilder();

    private DetailsText() {}

    /** What was asked about one Katalog. */
    public static String of(KatalogDetails details, Set<Detail> asked) {
        DetailsText lines = new DetailsText();
        boolean isFull = asked.contains(Detail.FULL);
        if (isFull) {
            details.crds().forEach(lines::crd);
            lines.order(details);
        }
        if (isFull && !details.profiles().isEmpty() || asked.contains(Detail.PROFILES)) {
            lines.profiles("profiles that it declares", details.profiles());
        }
        if (isFull && !details.notes().isEmpty() || asked.contains(Detail.NOTES)) {
            lines.notes(details.notes());
        }
        return lines.text.toString();
    }

    /** The presets that every Katalog can name. */
    public static String builtInProfiles() {
        DetailsText lines = new DetailsText();
        lines.profiles("built-in profiles", ProfileNames.builtIn());
        return lines.text.toString();
    }

    private void crd(CrdDetails crd) {
        line(1, crd.name());
        String group = crd.group().isEmpty() ? "core" : crd.group();
        row("kind", crd.kind() + ", " + group + "/" + crd.version() + ", " + crd.plural());
        String scope = crd.namespaced() ? "namespaced" : "cluster";
        row("scope", crd.namespace().isEmpty() ? scope : scope + ", only " + crd.namespace());
        row("mode", crd.mode());
        crd.values()
                .forEach(value -> row(
                        value.name(), value.value() + (value.origin().isEmpty() ? "" : " (" + value.origin() + ")")));
        list("protection", crd.protection());
        list("waits for", crd.waitsFor());
        list("profiles", crd.profiles());
        for (Permission permission : crd.permissions()) {
            String shown = permission.group().isEmpty() ? "core" : permission.group();
            row(
                    "may",
                    String.join(" ", permission.verbs()) + ": " + permission.resource() + ", " + shown
                            + (permission.isGuessed() ? " (the plural is guessed)" : ""));
        }
    }

    private void order(KatalogDetails details) {
        line(1, "start order");
        int number = 1;
        for (List<String> step : details.startOrder()) {
            row(number++ + ".", String.join(", ", step));
        }
    }

    private void profiles(String title, Map<String, List<String>> byClass) {
        line(1, title);
        if (byClass.isEmpty()) {
            line(2, "none");
        }
        byClass.forEach((key, names) -> row(key, names.isEmpty() ? "none" : String.join(", ", names)));
    }

    private void notes(List<KatalogDetails.Note> notes) {
        line(1, "notes that it declares");
        if (notes.isEmpty()) {
            line(2, "none");
        }
        notes.forEach(note -> row(note.name(), note.description().isEmpty() ? note.expression() : note.description()));
    }

    private void list(String name, List<String> words) {
        for (String word : words) {
            row(name, word);
        }
    }

    private void row(String name, String value) {
        line(2, name + " ".repeat(Math.max(1, 24 - name.length())) + value);
    }

    private void line(int depth, String words) {
        text.append("  ".repeat(depth)).append(OneLine.of(words)).append('\n');
    }
}
