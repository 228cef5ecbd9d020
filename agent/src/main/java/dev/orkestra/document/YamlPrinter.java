package dev.orkestra.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * Writes JSON trees as YAML text: block style, and quotes wherever a reader of any YAML version could take a text for
 * something else. The same tree is always the same text, and {@link DocumentReader} reads the same tree from it.
 */
public final class YamlPrinter {
    private static final ObjectMapper MAPPER = new ObjectMapper(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                    .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
                    .disable(YAMLGenerator.Feature.USE_NATIVE_OBJECT_ID)
                    .stringQuotingChecker(new Quotes())
                    .build())
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, false);

    private YamlPrinter() {}

    /** {@code value} as YAML, keys in their order, with a line feed at the end. */
    public static String print(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** At least as many bytes of UTF-8 as {@link #print} makes of {@code value}: to know that it fits costs no printing. */
    public static long mostBytes(Node value) {
        return mostBytes(value, 1);
    }

    private static long mostBytes(Node value, int depth) {
        int indent = 2 * depth + 8; // and dashes, colons, quotes, the line's end
        return switch (value) {
                    case Node.MapNode map ->
                        map.entries().entrySet().stream()
                                .mapToLong(entry -> indent
                                        + mostBytes(entry.getKey(), depth)
                                        + mostBytes(entry.getValue().value(), depth + 1))
                                .sum();
                    case Node.ListNode list ->
                        list.items().stream()
                                .mapToLong(item -> indent + mostBytes(item, depth + 1))
                                .sum();
                    case Node.ScalarNode(Object scalar, var _) -> mostBytes(String.valueOf(scalar), depth);
                }
                + indent;
    }

    /** Quoted, a printable ASCII character takes up to two bytes and any other up to six; in a block, lines are moved in. */
    private static long mostBytes(String text, int depth) {
        long bytes = 2 * depth + 8;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c == '\n' ? 2 * depth + 4 : c >= ' ' && c <= '~' ? 2 : 6;
        }
        return bytes;
    }

    /** {@code value} as YAML with sorted keys, for text that is compared or digested. */
    public static String printSorted(JsonNode value) {
        return print(CanonicalJson.sorted(value));
    }

    /** {@code values} as one stream of documents, {@code ---} between them. */
    public static String printAll(ArrayNode values) {
        StringBuilder text = new StringBuilder();
        values.forEach(value -> text.append(text.isEmpty() ? "" : "---\n").append(print(value)));
        return text.toString();
    }

    private static final class Quotes extends StringQuotingChecker {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteName(String name) {
            return name.indexOf('\n') >= 0 || needsQuotes(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return needsQuotes(value);
        }

        private boolean needsQuotes(String text) {
            return text.isEmpty() || Scalars.needsQuotes(text) || valueHasQuotableChar(text) || isAwkward(text);
        }

        /** Texts that a plain scalar cannot carry, or could not without changing meaning in a flow or at a line's end. */
        private static boolean isAwkward(String text) {
            char first = text.charAt(0);
            char last = text.charAt(text.length() - 1);
            return "-?:,[]{}#&*!|>'\"%@`~=<".indexOf(first) >= 0
                    || Character.isWhitespace(first)
                    || Character.isWhitespace(last)
                    || last == ':'
                    || text.contains(": ")
                    || text.contains(" #")
                    || text.chars().anyMatch(Quotes::needsEscape);
        }

        /** Control characters, and those that YAML 1.1 takes for line breaks or for a byte order mark. */
        private static boolean needsEscape(int c) {
            return c < ' ' && c != '\n' || c >= 0x7F && c < 0xA0 || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
        }
    }
}
