package dev.orkestra.katalog;

import static dev.orkestra.katalog.GenerationPlace.*;

import java.util.Arrays;
import java.util.List;

/**
 * One value that is written in another form today.
 *
 * @param place the mapping where the path begins
 * @param path the keys that lead to the value
 * @param since upstream's version from which on the new form holds; empty where upstream's history does not tell
 */
record GenerationShape(GenerationPlace place, List<String> path, Form form, String since) {
    /** From what to what. */
    enum Form {
        BY_NAME("a list of entries with 'name'", "a mapping by name"),
        FUNCTIONS("a list", "a mapping with that list under 'functions'"),
        RULES("a list", "a mapping with that list under 'rules'"),
        KEY_VALUE("a list of 'key' and 'value'", "a mapping"),
        NAMED("a list of texts", "a list of mappings with 'name'");

        private final String before;
        private final String after;

        Form(String before, String after) {
            this.before = before;
            this.after = after;
        }

        String before() {
            return before;
        }

        String after() {
            return after;
        }
    }

    /** All of them, by upstream's list of changes and, for the oldest, by its first published examples. */
    static final List<GenerationShape> ALL = List.of(
            of(SPEC, "crds", Form.BY_NAME, ""),
            of(KATALOG, "notes", Form.FUNCTIONS, ""),
            of(MOTIF, "notes", Form.FUNCTIONS, ""),
            of(ADMISSION, "validation", Form.RULES, ""),
            of(ADMISSION, "mutation", Form.RULES, ""),
            of(CRD, "labels", Form.KEY_VALUE, "v0.7.13"),
            of(CRD, "labelSelector", Form.KEY_VALUE, "v0.7.13"),
            of(CRD, "fieldSelector", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "labels", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "annotations", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "metadata.labels", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "metadata.annotations", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "selector", Form.KEY_VALUE, "v0.7.13"),
            of(RESOURCE, "envFrom.secretRef", Form.NAMED, "v0.7.13"),
            of(RESOURCE, "envFrom.configMapRef", Form.NAMED, "v0.7.13"));

    private static GenerationShape of(GenerationPlace place, String path, Form form, String since) {
        return new GenerationShape(place, Arrays.asList(path.split("\\.", -1)), form, since);
    }

    /** The value's name in messages. */
    String name() {
        return place.name(String.join(".", path));
    }
}
