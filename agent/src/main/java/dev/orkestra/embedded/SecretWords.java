package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The words that came out of Secrets into a release's values. Helm and the API server quote values in their errors, so
 * every message goes through {@link #mask} before it is written anywhere.
 *
 * @param words the longest first, so that one that holds another is masked as a whole
 */
record SecretWords(List<String> words) {
    static final SecretWords NONE = new SecretWords(List.of());

    private static final String MASK = "***";
    /** Shorter ones would mask half of every message, and hide nothing: they are guessed at once. */
    private static final int MIN = 3;

    /** @param contents what the Secrets held: whole texts, or parsed values, all of whose leaves count */
    static SecretWords of(Collection<JsonNode> contents) {
        TreeSet<String> words = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        contents.forEach(content -> collect(content, words));
        return new SecretWords(List.copyOf(words));
    }

    private static void collect(JsonNode value, Collection<String> words) {
        if (value.isContainerNode()) {
            value.forEach(child -> collect(child, words));
        } else if (value.isTextual() || value.isNumber()) {
            String text = value.asText();
            add(text, words);
            // Messages are put on one line, and quoted.
            text.lines().map(String::strip).forEach(line -> add(line, words));
        }
    }

    private static void add(String text, Collection<String> words) {
        if (text.length() >= MIN) {
            words.add(text);
            String quoted = TextNode.valueOf(text).toString();
            words.add(quoted.substring(1, quoted.length() - 1));
            words.add(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    String mask(String message) {
        String masked = message;
        for (String word : words) {
            masked = masked.replace(word, MASK);
        }
        return masked;
    }

    /** Masks the messages of a status' conditions, in place. */
    ObjectNode maskConditions(ObjectNode status) {
        if (!words.isEmpty()) {
            for (JsonNode condition : status.path("conditions")) {
                if (condition instanceof ObjectNode object && object.has("message")) {
                    object.put("message", mask(object.path("message").asText()));
                }
            }
        }
        return status;
    }

    /** Without the words. */
    @Override
    public String toString() {
        return words.size() + " words";
    }
}
