package dev.orkestra.registry;

import dev.orkestra.web.Origin;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * An artifact's address, checked: what goes into a URL has no character that could mean anything there.
 *
 * @param base the registry's root: https, but http on this machine's loopback, as Docker and Helm do
 * @param name the repository in it
 * @param reference tag or digest
 */
public record OciReference(URI base, String name, String reference) {
    /** The grammar of the distribution specification 1.1, "Pulling manifests". */
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern HOST = Pattern.compile(
            "(?<name>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:]{2,45}\\])(?::[0-9]{1,5})?");
    private static final int MAX_NAME = 255;

    /** @param repository {@code host[:port]/path} */
    public static OciReference of(String repository, String reference) throws RegistryTrouble {
        int slash = repository.indexOf('/');
        String host = slash < 0 ? "" : repository.substring(0, slash);
        String name = repository.substring(slash + 1);
        if (host.indexOf('@') >= 0) {
            throw new RegistryTrouble(
                    RegistryTrouble.Kind.LOGIN_IN_ADDRESS,
                    "the address has a user or a password in it",
                    "take them out of the address");
        }
        java.util.regex.Matcher known = HOST.matcher(host);
        if (!known.matches() || name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw wrong(
                    "this is no address of an artifact",
                    "write host[:port]/path, the path in small letters and digits");
        }
        if (!TAG.matcher(reference).matches() && !isDigest(reference)) {
            throw wrong(
                    "its version is neither a tag nor a digest",
                    "a tag has letters, digits, dots, dashes and underscores; a digest is sha256: and 64 hex digits");
        }
        String scheme = Origin.isLoopback(known.group("name")) ? "http" : "https";
        // The one registry whose API is at another name than its artifacts.
        String api = host.equals("docker.io") ? "registry-1.docker.io" : host;
        return new OciReference(URI.create(scheme + "://" + api + "/v2/"), name, reference);
    }

    /** The same repository's {@code digest}. */
    public OciReference at(String digest) {
        return new OciReference(base, name, digest);
    }

    public boolean isByDigest() {
        return isDigest(reference);
    }

    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    public URI manifest() {
        return base.resolve(name + "/manifests/" + reference);
    }

    public URI blob(String digest) {
        return base.resolve(name + "/blobs/" + digest);
    }

    /** Its tags, at most {@code most}, those after {@code last}. */
    URI tags(int most, String last) {
        return base.resolve(name + "/tags/list?n=" + most + (last.isEmpty() ? "" : "&last=" + last));
    }

    /** Where an upload begins. */
    URI uploads() {
        return base.resolve(name + "/blobs/uploads/");
    }

    static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    private static RegistryTrouble wrong(String message, String hint) {
        return new RegistryTrouble(RegistryTrouble.Kind.ADDRESS, message, hint);
    }
}
