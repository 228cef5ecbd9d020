package dev.orkestra.rules;

import java.util.List;

/** Parts of sentences. */
final class Words {
    private Words() {}

    static String quoted(String word) {
        return "'" + word + "'";
    }

    /** {@code 'a', 'b' and 'c'}. */
    static String and(List<String> words) {
        List<String> quoted = words.stream().map(Words::quoted).toList();
        int last = quoted.size() - 1;
        return last < 1
                ? String.join("", quoted)
                : String.join(", ", quoted.subList(0, last)) + " and " + quoted.get(last);
    }
}
