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

    private TextDecoder() {}

    /** Why {@code bytes} cannot be read as text, with the place of the first offending byte. */
    static Optional<Diagnostic> problem(String file, byte[] bytes) {
        if (bytes.length >= 2 && (isMark(bytes, 0xFE, 0xFF) || isMark(bytes, 0xFF, 0xFE))) {
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
        return controlCharacter(file, decoded.flip().toString());
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

    /** The text without its byte order mark. */
    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return jsonAsYaml(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static boolean isMark(byte[] bytes, int first, int second) {
        return (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static Diagnostic notUtf8(String message, Position position) {
        return Diagnostic.error(ErrorCode.NotUtf8, message, position, "save the file as UTF-8 text");
    }

    private static Position placeOf(String file, String before) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < before.length(); i++) {
            if (before.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Position(file, line, before.codePointCount(lineStart, before.length()) + 1);
    }

    /**
     * JSON allows two things that SnakeYAML's YAML does not: tabs between its tokens, and {@code \\/} in a string. In
     * text that is JSON throughout, a tab becomes a blank, and {@code \\/} a slash with a blank after the string, so
     * that every place stays.
     */
    private static String jsonAsYaml(String text) {
        String start = text.stripLeading();
        boolean special = text.indexOf('\t') >= 0 || text.contains("\\/");
        if (!special || !(start.startsWith("{") || start.startsWith("[")) || !isJson(text)) {
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

    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                // Only whether it can be read matters.
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
