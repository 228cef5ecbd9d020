package dev.orkestra.template;

import java.util.List;

/**
 * A field of the root that a template uses, such as {@code .spec.image} or {@code $.spec.image}.
 *
 * @param names the names from the root on, at least one
 * @param offset where it begins, in code points from the beginning of the text
 */
public record TemplateField(List<String> names, int offset) {
    public TemplateField {
        names = List.copyOf(names);
    }

    /** {@code .spec.image}, however it was written. */
    @Override
    public String toString() {
        return "." + String.join(".", names);
    }
}
