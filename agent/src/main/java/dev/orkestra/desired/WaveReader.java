package dev.orkestra.desired;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads in which wave an object goes (DESIGN.md §4.5): two annotations that mean the same, else the layer's wave. */
final class WaveReader {
    static final String ARGO = "argocd.argoproj.io/sync-wave";
    static final String ORKESTRA = "orkestra.orkspace.io/sync-wave";

    /** As Argo CD reads it: a Go {@code int} with an optional sign; far wider than any real use. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

    private final FileFindings findings;

    WaveReader(FileFindings findings) {
        this.findings = findings;
    }

    /** The wave's number; it counts in any phase of the layer. */
    int read(Manifest manifest) {
        Optional<Integer> argo = number(manifest, ARGO);
        Optional<Integer> orkestra = number(manifest, ORKESTRA);
        if (argo.isPresent() && orkestra.isPresent() && !argo.equals(orkestra)) {
            findings.add(Diagnostic.error(
                    ErrorCode.WaveConflict,
                    ARGO + " says " + argo.get() + " and " + ORKESTRA + " says " + orkestra.get(),
                    position(manifest, ORKESTRA),
                    "keep one of the two"));
        }
        return argo.or(() -> orkestra).orElse(manifest.layer().wave());
    }

    private Optional<Integer> number(Manifest manifest, String annotation) {
        Optional<Node> value = manifest.annotation(annotation);
        if (value.isEmpty() || !(value.get() instanceof Node.ScalarNode(Object scalar, Position position))) {
            return Optional.empty();
        }
        // Other types than text are reported once, with all annotations.
        if (!(scalar instanceof String text)) {
            return scalar instanceof Long number ? Optional.of(Math.toIntExact(bounded(number))) : Optional.empty();
        }
        if (!NUMBER.matcher(text).matches()) {
            findings.add(Diagnostic.error(
                    ErrorCode.WrongValue,
                    annotation + " is '" + text + "', not a whole number",
                    position,
                    "write for example \"2\" or \"-1\""));
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(text));
    }

    private static long bounded(long number) {
        return Math.clamp(number, -999_999_999, 999_999_999);
    }

    private static Position position(Manifest manifest, String annotation) {
        return manifest.metadata()
                .flatMap(metadata -> metadata.map("annotations"))
                .map(all -> all.keyPosition(annotation))
                .orElse(manifest.position());
    }
}
