package dev.orkestra.katalog;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ReadResult;
import dev.orkestra.document.TextLines;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What files say, read once: a composition looks at them again each time that it comes back with more. Changes no
 * outcome, only the time that it takes. For one composition and one thread.
 */
public final class Readings {
    /** Of these very bytes: another array is another file, whatever it holds. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Reading(byte[] bytes, Limits limits, ReadResult result) {}

    private final Map<String, Reading> byName = new HashMap<>();
    private final Map<String, TextLines> lines = new HashMap<>();

    /** The documents of a file, as {@link DocumentReader#read(String, byte[], Limits)} says. */
    public ReadResult read(String shown, byte[] bytes, Limits limits) {
        Reading known = byName.get(shown);
        if (known != null && known.bytes() == bytes && known.limits().equals(limits)) {
            return known.result();
        }
        ReadResult result = DocumentReader.read(shown, bytes, limits);
        lines.remove(shown);
        byName.put(shown, new Reading(bytes, limits, result));
        return result;
    }

    /** The lines of a file that was read here. */
    public Optional<TextLines> text(String shown) {
        return Optional.ofNullable(byName.get(shown))
                .map(reading -> lines.computeIfAbsent(
                        shown, _ -> TextLines.of(new String(reading.bytes(), StandardCharsets.UTF_8))));
    }
}
