package dev.orkestra.rules;

/** Paths of fields, seen from {@code spec} or from the object. */
final class DottedPaths {
    private DottedPaths() {}

    /** Whether {@code path} is names with dots between them. */
    static boolean isPath(String path) {
        for (String step : path.split("\\.", -1)) {
            if (!LabelSyntax.isKey(step)) {
                return false;
            }
        }
        return true;
    }
}
