package dev.orkestra.katalog;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What there is to say of one document's older keys: each once, and so many as a person can read. */
final class GenerationFindings {
    /** As many as the reader of documents tells of one severity. */
    private static final int MOST = 100;

    private static final String AND_THERE = ", where ";

    private final SchemaMode mode;
    private final List<Diagnostic> findings = new ArrayList<>();
    private int leftOut;

    GenerationFindings(SchemaMode mode) {
        this.mode = mode;
    }

    /** The old key at {@code place} was taken to its new place. */
    void moved(MovedKey key, Position place) {
        List<String> from = key.from();
        boolean renamed = from.size() == key.to().size()
                && from.subList(0, from.size() - 1).equals(key.to().subList(0, from.size() - 1));
        old(
                "'" + key.oldName() + "' is now " + key.newName() + since(key.since()),
                place,
                renamed ? "rename it" : "move it there");
    }

    /** The old key at {@code place} was left out. */
    void dropped(MovedKey key, Position place) {
        old(
                "'" + key.oldName() + "' has no place any more" + since(key.since()) + " and is left out",
                place,
                "remove it");
    }

    /** A value in an older form was brought to the newest. A key that moved as well has one finding for both. */
    void reshaped(GenerationShape shape, Position place) {
        String what = shape.form().before() + " is now " + shape.form().after() + since(shape.since());
        for (int i = 0; i < findings.size(); i++) {
            Diagnostic moved = findings.get(i);
            if (moved.code() == ErrorCode.MovedField && place.equals(moved.position())) {
                String both = moved.message() + AND_THERE + what;
                if (!moved.message().contains(AND_THERE)) {
                    findings.set(
                            i,
                            new Diagnostic(
                                    moved.code(), moved.severity(), both, place, "move it there, and write it so"));
                }
                return;
            }
        }
        old("'" + shape.name() + "' as " + what, place, "write it so");
    }

    /** The document has an apiVersion from before the first release. */
    void apiVersion(String before, String after, Position place) {
        old("apiVersion '" + before + "' is now " + after, place, "change it");
    }

    /** The same field is there under its old and its new name, and only one of the two can count. */
    void twice(String oldName, String newName, Position oldPlace, Position newPlace) {
        add(Diagnostic.error(
                ErrorCode.DuplicateKey,
                "'" + oldName + "' is now " + newName + ", which is already written at " + newPlace,
                oldPlace,
                "keep one of the two"));
    }

    /** The new place is below something that is no mapping. */
    void noMapping(MovedKey key, Position oldPlace, Position newPlace) {
        add(Diagnostic.error(
                ErrorCode.WrongType,
                "'" + key.oldName() + "' is now " + key.newName() + ", but what stands at " + newPlace
                        + " is no mapping",
                oldPlace,
                "make a mapping of that"));
    }

    /** A defect that is an error in every mode. */
    void error(ErrorCode code, String message, Position place, String hint) {
        add(Diagnostic.error(code, message, place, hint));
    }

    /** All of them, and a note of how many were left out. */
    void addTo(List<Diagnostic> list, Position root) {
        list.addAll(findings);
        if (leftOut > 0) {
            list.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    leftOut + " more findings about older keys in this document are not shown",
                    root,
                    ""));
        }
    }

    private void old(String message, Position place, String hint) {
        add(
                mode == SchemaMode.ANY
                        ? Diagnostic.warning(ErrorCode.MovedField, message, place, hint)
                        : Diagnostic.error(ErrorCode.MovedField, message, place, hint));
    }

    /** The same place can be met twice: an alias stands for the same text wherever it is used. */
    private void add(Diagnostic finding) {
        boolean isSaid = findings.stream()
                .anyMatch(said -> said.code() == finding.code()
                        && Objects.equals(said.position(), finding.position())
                        && said.message().startsWith(finding.message()));
        if (isSaid) {
            return;
        }
        if (findings.size() < MOST) {
            findings.add(finding);
        } else {
            leftOut++;
        }
    }

    private static String since(String version) {
        return version.isEmpty() ? "" : " (since " + version + ")";
    }
}
