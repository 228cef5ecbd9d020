package dev.orkestra.crd;

import dev.orkestra.schema.LinearPattern;

/** The forms of Kubernetes' names. */
final class Names {
    private static final LinearPattern LABEL = compiled("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final LinearPattern LETTER_FIRST = compiled("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final LinearPattern SUBDOMAIN =
            compiled("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final LinearPattern VALUE = compiled("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    private Names() {}

    private static LinearPattern compiled(String pattern) {
        return LinearPattern.of("^(?:" + pattern + ")$").orElseThrow();
    }

    static boolean isLabel(String text) {
        return text.length() <= 63 && LABEL.isFoundIn(text);
    }

    /** A label that begins with a letter, as in names of kinds and versions. */
    static boolean isLetterFirst(String text) {
        return text.length() <= 63 && LETTER_FIRST.isFoundIn(text);
    }

    static boolean isSubdomain(String text) {
        return text.length() <= 253 && SUBDOMAIN.isFoundIn(text);
    }

    static boolean isLabelValue(String text) {
        return text.isEmpty() || text.length() <= 63 && VALUE.isFoundIn(text);
    }

    /** The key of a label or annotation: a name, perhaps after a domain and a slash. */
    static boolean isKey(String text) {
        int slash = text.indexOf('/');
        String name = text.substring(slash + 1);
        return !name.isEmpty() && isLabelValue(name) && (slash < 0 || isSubdomain(text.substring(0, slash)));
    }
}
