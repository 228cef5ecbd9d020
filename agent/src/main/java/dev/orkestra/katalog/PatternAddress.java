package dev.orkestra.katalog;

import dev.orkestra.outcome.Position;
import java.util.Optional;

/**
 * Where a pattern lies: {@code oci://host/path:tag}, {@code host/path@version}, {@code https://host/path@branch}
 * (orkspace-katalog.md §2.1).
 *
 * @param oci an OCI registry, else a Git repository
 * @param place for OCI without scheme, for Git a URL
 */
record PatternAddress(boolean oci, String place, String version) {
    /** {@code @} goes before a tag, and both before {@code version}, as upstream. */
    static PatternAddress of(String url, String version, boolean saysOci) {
        boolean oci = saysOci || url.startsWith("oci://");
        String text = url.startsWith("oci://") ? url.substring("oci://".length()) : url;
        if (oci) {
            text = text.replaceFirst("^https?://", "");
        }
        String chosen = version.strip();
        int at = text.lastIndexOf('@');
        boolean hasAt = at > 0 && !partsUserFromHost(text, at);
        if (hasAt) {
            chosen = text.substring(at + 1);
            text = text.substring(0, at);
        }
        int colon = text.lastIndexOf(':');
        if (oci && colon > text.lastIndexOf('/') && text.indexOf('/') > 0) {
            // A tag beside a digest says nothing more.
            chosen = hasAt ? chosen : text.substring(colon + 1);
            text = text.substring(0, colon);
        }
        if (chosen.isEmpty()) {
            chosen = oci ? "latest" : "main";
        }
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        boolean needsScheme = !oci && !Location.isUrl(text) && !text.startsWith("git@");
        return new PatternAddress(oci, needsScheme ? "https://" + text : text, chosen);
    }

    private static boolean partsUserFromHost(String text, int at) {
        int scheme = text.indexOf("://");
        int slash = text.indexOf('/', scheme < 0 ? 0 : scheme + 3);
        return slash < 0 || at < slash;
    }

    /** Whether a user, a password or a query, such as a token, stands in the address: it would be shown and stored. */
    boolean holdsUser() {
        int at = place.lastIndexOf('@');
        boolean isUser = at > 0 && partsUserFromHost(place, at) && !place.startsWith("git@");
        return isUser || place.indexOf('?') >= 0;
    }

    Need.Remote need(Optional<ImportAuth> auth, Position askedBy) {
        return oci
                ? new Need.OciArtifact(place, version, auth, Optional.empty(), askedBy)
                : new Need.GitFiles(place, version, "", auth, Optional.empty(), askedBy);
    }

    /** For people. */
    String shown() {
        return (oci ? "oci://" : "") + place + "@" + version;
    }
}
