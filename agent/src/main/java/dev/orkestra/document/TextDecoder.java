package dev.orkestra.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** Bytes to text, and a clear word where they are no text. */
final class TextDecoder {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Characters of a line. SnakeYAML takes time with the square of its longest token (some seconds at this length),
     * and a token of YAML may be as long as a line; no object of more than 1.5 MiB gets into a cluster anyhow.
     */
    static final int LONGEST_LINE = 2 << 20;

    private TextDecoder() {}

    /** Why {@code bytes} cannot be read as text, with the place of the first offending byte. */
    static Optional<Diagnostic> problem(String file, byte[] bytes) {
        if (startsWith(bytes, 0, 0, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return Optional.of(notUtf8("the file is UTF-32", Position.startOf(file)));
        }
        if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
            return Optional.of(notUtf8("the file is UTF-16", Position.startOf(file)));
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                boolean wide = i < 4 && bytes.length % 2 == 0;
                return Optional.of(notUtf8(
                        wide ? "the file looks like UTF-16 or UTF-32" : "the file holds a NUL byte: it is binary",
                        placeOf(file, new String(bytes, 0, i, StandardCharsets.UTF_8))));
            }
        }
        CharBuffer decoded = CharBuffer.allocate(bytes.length + 1);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(source, decoded, true);
        if (result.isError()) {
            int offending = bytes[source.position()] & 0xFF;
            String message = "byte %#04x is not UTF-8".formatted(offending);
            return Optional.of(notUtf8(message, placeOf(file, decoded.flip().toString())));
        }
        String text = decoded.flip().toString();
        return controlCharacter(file, text).or(() -> lineEndInJson(file, text)).or(() -> longLine(file, text));
    }

    private static Optional<Diagnostic> controlCharacter(String file, String text) {
        int character;
        for (int i = 0; i < text.length(); i += Character.charCount(character)) {
            character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                return Optional.of(Diagnostic.error(
                        ErrorCode.NotYaml,
                        "not valid YAML: the character U+%04X is not allowed".formatted(character),
                        placeOf(file, text.substring(0, i)),
                        "remove it, or write it as an escape in double quotes"));
            }
        }
        return Optional.empty();
    }

    /** Strings of JSON may hold them as they are; YAML 1.1 ends a line there and would fold them away in silence. */
    private static Optional<Diagnostic> lineEndInJson(String file, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u0085' || c == '\u2028' || c == '\u2029') {
                return mayBeJson(text) && isJson(text, Integer.MAX_VALUE)
                        ? Optional.of(Diagnostic.error(
                                ErrorCode.NotYaml,
                                "the character U+%04X in JSON would end a line of YAML".formatted((int) c),
                                placeOf(file, text.substring(0, i)),
                                "write it as an escape, \\u%04X".formatted((int) c)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<Diagnostic> longLine(String file, String text) {
        int start = longLine(text);
        if (start < 0 || mayBeJson(text) && isJson(text, LONGEST_LINE)) {
            // All of a JSON file may be one line; its tokens end sooner.
            return Optional.empty();
        }
        return Optional.of(Diagnostic.error(
                ErrorCode.LimitExceeded,
                "a line has more than " + LONGEST_LINE + " characters",
                placeOf(file, text.substring(0, start)),
                "break it; this limit is fixed, since the time to read a line grows with the square of its length"));
    }

    /** Where the first line of more than {@link #LONGEST_LINE} characters begins, or -1. */
    private static int longLine(String text) {
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                start = i + 1;
            } else if (i - start >= LONGEST_LINE) {
                return start;
            }
        }
        return -1;
    }

    private static boolean mayBeJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    /** The text without its byte order mark. */
    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // SnakeYAML counts a CR as the end of a line only when something follows.
        return jsonAsYaml(content.endsWith("\r") ? content.substring(0, content.length() - 1) + "\n" : content);
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static Diagnostic notUtf8(String message, Position position) {
        return Diagnostic.error(ErrorCode.NotUtf8, message, position, "save the file as UTF-8 text");
    }

    private static Position placeOf(String file, String before) {
        TextLines lines = TextLines.of(before);
        return new Position(file, lines.count(), lines.columnBehind());
    }

    /**
     * JSON allows two things that SnakeYAML's YAML does not: tabs between its tokens, and {@code \\/} in a string. In
     * text that is JSON throughout, a tab becomes a blank, and {@code \\/} a slash with a blank after the string, so
     * that every place stays.
     */
    private static String jsonAsYaml(String text) {
        boolean special = text.indexOf('\t') >= 0 || text.contains("\\/");
        if (!special || !mayBeJson(text) || !isJson(text, Integer.MAX_VALUE)) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        boolean inString = false;
        int owed = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString && c == '\\') {
                char escaped = text.charAt(++i);
                result.append(escaped == '/' ? "/" : "\\" + escaped);
                owed += escaped == '/' ? 1 : 0;
            } else if (c == '"') {
                inString = !inString;
                result.append(c).repeat(" ", inString ? 0 : owed);
                owed = inString ? owed : 0;
            } else {
                result.append(!inString && c == '\t' ? ' ' : c);
            }
        }
        return result.toString();
    }

    /** Whether {@code text} is JSON throughout, with no token of more than {@code longest} characters. */
    private static boolean isJson(String text, int longest) {
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.getTextLength() > longest) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
