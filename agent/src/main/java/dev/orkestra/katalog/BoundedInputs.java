package dev.orkestra.katalog;

import dev.orkestra.document.LimitHints;
import dev.orkestra.outcome.ErrorCode;
import java.util.Map;

/**
 * Stops asking when {@code maxImportBytes} are there. All needs of a round are answered before the composition looks at
 * any, so counting there alone would come after the memory is used.
 */
final class BoundedInputs implements InputSource {
    /** Not asked for any more: the composition says so once, at the import that was one too many. */
    static final Provided TOO_MUCH = new Provided.Unreadable(
            ErrorCode.LimitExceeded, "the imports before it have too many bytes", LimitHints.raise("maxImportBytes"));

    private final InputSource source;
    private final long maxBytes;
    private long bytes;

    BoundedInputs(InputSource source, ImportLimits limits) {
        this.source = source;
        this.maxBytes = limits.maxImportBytes();
    }

    @Override
    public Provided provide(Need need) {
        if (bytes > maxBytes) {
            return TOO_MUCH;
        }
        Provided answer = source.provide(need);
        bytes += size(answer);
        return answer;
    }

    private static long size(Provided answer) {
        return switch (answer) {
            case Provided.Content(byte[] content) -> content.length;
            case Provided.Files(Map<String, byte[]> contents, var _) ->
                contents.values().stream().mapToLong(content -> content.length).sum();
            case Provided.Absent _, Provided.Unreadable _ -> 0;
        };
    }
}
