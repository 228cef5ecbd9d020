package dev.orkestra.embedded;

import java.util.Locale;

/** What Helm does to a release; each has its settings in the spec and its words in the status. */
enum ReleaseVerb {
    INSTALL,
    UPGRADE,
    TEST,
    ROLLBACK,
    UNINSTALL;

    static ReleaseVerb of(boolean first) {
        return first ? INSTALL : UPGRADE;
    }

    /** The verb as the spec's field, and in messages. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Flux's reason: {@code InstallFailed}. */
    String reason(String end) {
        return name().charAt(0) + word().substring(1) + end;
    }

    /** The status' counter of failures, which only install and upgrade have. */
    String counter() {
        return word() + "Failures";
    }
}
