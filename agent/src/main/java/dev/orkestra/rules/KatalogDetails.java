package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.SortedMap;

/**
 * What a composed Katalog comes to, for people who want to know more than whether it is in order.
 *
 * @param crds the enabled ones, by name
 * @param startOrder names of CRDs in steps: each waits for some of the steps before its own
 * @param profiles names of the presets that it declares, by class
 * @param notes the template functions that it declares
 */
public record KatalogDetails(
        List<CrdDetails> crds,
        List<List<String>> startOrder,
        SortedMap<String, List<String>> profiles,
        List<Note> notes) {
    public KatalogDetails {
        crds = List.copyOf(crds);
        startOrder = List.copyOf(startOrder);
        notes = List.copyOf(notes);
    }

    /** A template function of the Katalog. */
    public record Note(String name, String description, String expression) {}

    /**
     * One CRD.
     *
     * @param namespace the only one that is looked at; empty for all
     * @param mode {@code typed} or {@code dynamic}
     * @param values of settings, with what holds where nothing is written
     * @param protection what is protected, in words; empty for nothing
     * @param waitsFor what must have happened before it starts, such as {@code queue: healthy}
     * @param profiles the presets that it uses, as {@code path: name}
     */
    public record CrdDetails(
            String name,
            String group,
            String version,
            String kind,
            String plural,
            boolean namespaced,
            String namespace,
            String mode,
            List<Value> values,
            List<String> protection,
            List<String> waitsFor,
            List<String> profiles,
            List<Permission> permissions) {}

    /**
     * A setting that holds.
     *
     * @param origin why, where it is not written here; else empty
     */
    public record Value(String name, String value, String origin) {}

    /** The details of the composed Katalog {@code root}. */
    public static KatalogDetails of(Node.MapNode root) {
        View view = View.of("Katalog", root, "", TextLookup.NONE);
        return new KatalogDetails(
                view.crds().stream().map(crd -> CrdFacts.of(view, crd)).toList(),
                StartOrder.of(view.crds()),
                ProfileNames.declared(root),
                Fields.maps(root, "notes.functions").stream()
                        .map(note -> new Note(
                                Fields.text(note, "name").orElse(""),
                                Fields.text(note, "description").orElse(""),
                                Fields.text(note, "expression").orElse("")))
                        .toList());
    }
}
