package dev.orkestra.cel;

import java.util.Set;

/**
 * Names of fields as Kubernetes lets expressions write them: a character that no identifier may have, and a word that
 * the language keeps for itself, stand between underscores.
 */
final class FieldNames {
    private static final Set<String> KEPT = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private FieldNames() {}

    /** Whether expressions can name the field at all. */
    static boolean isReachable(String name) {
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return false;
        }
        return name.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || "_.-/".indexOf(c) >= 0);
    }

    static String escaped(String name) {
        if (KEPT.contains(name)) {
            return "__" + name + "__";
        }
        StringBuilder escaped = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '.' -> escaped.append("__dot__");
                case '-' -> escaped.append("__dash__");
                case '/' -> escaped.append("__slash__");
                case '_' -> {
                    boolean isPair = i + 1 < name.length() && name.charAt(i + 1) == '_';
                    escaped.append(isPair ? "__underscores__" : "_");
                    i += isPair ? 1 : 0;
                }
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
