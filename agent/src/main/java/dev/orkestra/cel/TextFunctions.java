package dev.orkestra.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.orkestra.schema.LinearPattern;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Kubernetes' {@code find findAll}, and what the library's strings lack or share with lists. */
final class TextFunctions {
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType INT = SimpleType.INT;
    private static final int MOST_CACHED = 500;

    /** An expression is mostly a constant of a rule, and the rule is asked of each item of a list. */
    private static final Map<String, LinearPattern> PATTERNS = new ConcurrentHashMap<>();

    private TextFunctions() {}

    static void addTo(FunctionSet functions) {
        CelType texts = ListType.create(TEXT);
        functions.member("find", form("string_find_string", TEXT, TEXT, TEXT), args -> {
            List<String> found = pattern((String) args[1]).findAll((String) args[0], 1);
            return found.isEmpty() ? "" : found.getFirst();
        });
        functions.member(
                "findAll",
                form("string_find_all_string", texts, TEXT, TEXT),
                args -> pattern((String) args[1]).findAll((String) args[0], Integer.MAX_VALUE));
        functions.member("findAll", form("string_find_all_string_int", texts, TEXT, TEXT, INT), args -> {
            long most = (Long) args[2];
            return pattern((String) args[1])
                    .findAll((String) args[0], most < 0 || most > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) most);
        });
        functions.member(
                "indexOf",
                form("string_index_of_string", INT, TEXT, TEXT),
                args -> indexOf((String) args[0], (String) args[1], 0));
        functions.member(
                "indexOf",
                form("string_index_of_string_int", INT, TEXT, TEXT, INT),
                args -> indexOf((String) args[0], (String) args[1], (Long) args[2]));
        functions.member(
                "lastIndexOf",
                form("string_last_index_of_string", INT, TEXT, TEXT),
                args -> lastIndexOf((String) args[0], (String) args[1], Integer.MAX_VALUE));
        functions.member("lastIndexOf", form("string_last_index_of_string_int", INT, TEXT, TEXT, INT), args -> {
            String text = (String) args[0];
            long from = (Long) args[2];
            within(text, from);
            return lastIndexOf(text, (String) args[1], text.offsetByCodePoints(0, (int) from));
        });
        functions.member(
                "format",
                new FunctionSet.Form(
                        "string_format",
                        TEXT,
                        List.of(TEXT, ListType.create(SimpleType.DYN)),
                        List.of(String.class, List.class)),
                args -> TextFormat.of((String) args[0], (List<?>) args[1]));
    }

    /** By code points, as Go does; Java's own order is by halves of them. */
    static int compare(String one, String other) {
        int[] a = one.codePoints().toArray();
        int[] b = other.codePoints().toArray();
        return java.util.Arrays.compare(a, b);
    }

    static LinearPattern pattern(String text) {
        LinearPattern known = PATTERNS.get(text);
        if (known == null) {
            known = LinearPattern.of(text)
                    .orElseThrow(() -> new IllegalArgumentException("the pattern is no regular expression"));
            if (PATTERNS.size() >= MOST_CACHED) {
                PATTERNS.clear();
            }
            PATTERNS.put(text, known);
        }
        return known;
    }

    private static long indexOf(String text, String part, long from) {
        within(text, from);
        int index = text.indexOf(part, text.offsetByCodePoints(0, (int) from));
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static long lastIndexOf(String text, String part, int from) {
        int index = text.lastIndexOf(part, from);
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static void within(String text, long index) {
        if (index < 0 || index > text.codePointCount(0, text.length())) {
            throw new IllegalArgumentException("index out of range: " + index);
        }
    }

    private static FunctionSet.Form form(String id, CelType result, CelType... arguments) {
        List<Class<?>> classes = java.util.Arrays.stream(arguments)
                .<Class<?>>map(type -> type.equals(INT) ? Long.class : String.class)
                .toList();
        return new FunctionSet.Form(id, result, List.of(arguments), classes);
    }
}
