package dev.orkestra.imports;

import dev.orkestra.document.LimitHints;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.outcome.ErrorCode;
import java.time.Duration;

/** What one import may still use: the time of all its requests together, and the bytes of all its files together. */
final class Budget {
    private final ImportLimits limits;
    private final long endNanos;
    private long bytesLeft;

    private Budget(ImportLimits limits) {
        this.limits = limits;
        this.endNanos = System.nanoTime() + limits.maxImportTime().toNanos();
        this.bytesLeft = limits.maxImportBytes();
    }

    /** A whole one; its time begins now. */
    static Budget of(ImportLimits limits) {
        return new Budget(limits);
    }

    /** Zero or less when it is used up. */
    Duration timeLeft() {
        return Duration.ofNanos(endNanos - System.nanoTime());
    }

    /** How many bytes the next answer may have. */
    int bytesLeft() {
        return (int) Math.min(bytesLeft, Integer.MAX_VALUE - 64);
    }

    /** Notes {@code bytes} that were read. */
    void take(long bytes) throws ImportTrouble {
        if (bytes > bytesLeft) {
            throw tooLarge();
        }
        bytesLeft -= bytes;
    }

    ImportTrouble tooLarge() {
        long most = limits.maxImportBytes();
        String shown = most % (1 << 20) == 0 ? (most >> 20) + " MiB" : most + " bytes";
        return new ImportTrouble(
                ErrorCode.LimitExceeded,
                "has more than " + shown + " (maxImportBytes)",
                "import less, or " + LimitHints.raise("maxImportBytes"));
    }

    /** @param where who was too slow */
    ImportTrouble tooSlow(String where) {
        Duration time = limits.maxImportTime();
        return new ImportTrouble(
                ErrorCode.ImportFailed,
                where + " did not answer in full within " + shown(time) + " (maxImportTime)",
                "see whether it is well and can be reached from here, or " + LimitHints.raise("maxImportTime"));
    }

    private static String shown(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
