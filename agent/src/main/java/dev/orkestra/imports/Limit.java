package dev.orkestra.imports;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.LimitHints;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;

/** What is said when a limit ends a fetch: its name, its value, and how to raise it. */
final class Limit {
    private Limit() {}

    /** A slow server may be quicker the next time, so this counts as trouble that may pass. */
    static Provided.Unreadable time(String what, ImportLimits limits) {
        return new Provided.Unreadable(
                ErrorCode.ImportFailed,
                what + " within " + GoDuration.text(limits.maxImportTime()) + " (maxImportTime)",
                "see whether the server is well, or " + LimitHints.raise("maxImportTime"));
    }

    /** @param what how much there is, as a sentence */
    static Provided.Unreadable bytes(String what, ImportLimits limits) {
        return new Provided.Unreadable(
                ErrorCode.LimitExceeded,
                what + "; at most " + limits.maxImportBytes() + " bytes can be imported (maxImportBytes)",
                "import less, or " + LimitHints.raise("maxImportBytes"));
    }
}
