package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The fields of a self-service form. */
final class ServeFields {
    private static final List<String> BUCKETS = List.of("fields", "labels", "annotations");

    private ServeFields() {}

    /**
     * A field of the form.
     *
     * @param bucket where it stands: {@code fields}, {@code labels} or {@code annotations}
     * @param position where its name is written
     */
    record Field(String bucket, String name, Position position, Node.MapNode node) {
        boolean isOfSpec() {
            return bucket.equals("fields");
        }
    }

    /** All of a CRD, those of {@code spec} first. */
    static List<Field> of(Crd crd) {
        List<Field> all = new ArrayList<>();
        for (String bucket : BUCKETS) {
            crd.map("serve." + bucket)
                    .ifPresent(map -> map.entries().forEach((name, entry) -> {
                        // A name with nothing behind it is a field as well.
                        Node.MapNode node = entry.value() instanceof Node.MapNode field
                                ? field
                                : new Node.MapNode(java.util.Map.of(), entry.keyPosition());
                        all.add(new Field(bucket, name, entry.keyPosition(), node));
                    }));
        }
        return all;
    }

    /** Those that are fields of {@code spec}. */
    static Stream<Field> ofSpec(Crd crd) {
        return of(crd).stream().filter(Field::isOfSpec);
    }
}
