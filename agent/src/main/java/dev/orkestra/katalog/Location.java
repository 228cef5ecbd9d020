package dev.orkestra.katalog;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Where a document of a composition stands, and so what a path in it means. */
sealed interface Location {
    /** The file part of positions in it. */
    String shown();

    /** Two locations with one key are one file. */
    String key();

    /** What {@code path}, written in this document, names; {@code path} is no URL. */
    Reference relative(String path);

    /** What {@code text}, a path or a URL written in this document, names. */
    default Reference resolve(String text) {
        return isUrl(text) ? OnWeb.of(text, Optional.empty()) : relative(text);
    }

    /** Whether {@code text} names its place alone. */
    static boolean isUrl(String text) {
        int scheme = text.indexOf("://");
        return scheme > 0 && text.substring(0, scheme).chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '+');
    }

    /** Where a path leads. */
    sealed interface Reference {
        record To(Location location) implements Reference {}

        /** It leads nowhere that may be read. */
        record Nowhere(ErrorCode code, String reason, String hint) implements Reference {}
    }

    /**
     * A file of the repository and commit that is composed.
     *
     * @param path from the repository's root
     */
    record InRepository(String path, UnaryOperator<String> shownAs) implements Location {
        @Override
        public String shown() {
            return shownAs.apply(path);
        }

        @Override
        public String key() {
            return path;
        }

        @Override
        public Reference relative(String text) {
            return RepositoryPath.resolve(path, text)
                    .<Reference>map(resolved -> new Reference.To(new InRepository(resolved, shownAs)))
                    .orElseGet(() -> new Reference.Nowhere(
                            ErrorCode.OutsideRoot,
                            "leads out of the repository",
                            "name a file of this repository, relative to the folder of the file that names it"));
        }
    }

    /** A file at a URL. */
    record OnWeb(String url, Optional<ImportAuth> auth) implements Location {
        static Reference of(String url, Optional<ImportAuth> auth) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                return new Reference.Nowhere(ErrorCode.WrongValue, "is not a URL", "write https://host/path");
            }
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
                return new Reference.Nowhere(
                        ErrorCode.ImportNotAllowed, "is no http or https URL", "write https://host/path");
            }
            if (uri.getRawUserInfo() != null) {
                return new Reference.Nowhere(
                        ErrorCode.ImportNotAllowed,
                        "holds a user or a password",
                        "take them out, and name variables under auth");
            }
            return new Reference.To(new OnWeb(url, auth));
        }

        /** With a digest for the query, where a signature may stand. */
        @Override
        public String shown() {
            return shown(url);
        }

        /** Two URLs that differ in their query alone are two files, and must be told apart in positions. */
        static String shown(String url) {
            int query = url.indexOf('?');
            return query < 0
                    ? url
                    : url.substring(0, query) + "?"
                            + CanonicalJson.digest(url.getBytes(StandardCharsets.UTF_8))
                                    .substring("sha256:".length(), "sha256:".length() + 8);
        }

        @Override
        public String key() {
            return url;
        }

        /** On the same server, and so with the same credentials. */
        @Override
        public Reference relative(String path) {
            if (path.startsWith("/") || path.indexOf('\\') >= 0) {
                return new Reference.Nowhere(ErrorCode.OutsideRoot, "is not relative", "write a relative path");
            }
            try {
                return of(URI.create(url).resolve(path).toString(), auth);
            } catch (IllegalArgumentException e) {
                return new Reference.Nowhere(ErrorCode.WrongValue, "cannot be part of a URL", "rename the file");
            }
        }
    }

    /**
     * A file of an artifact, a Git repository or a chart.
     *
     * @param name of the whole, for people: the import with its version
     * @param path from its root
     */
    record InArchive(String name, Provided.Files files, String path) implements Location {
        @Override
        public String shown() {
            return name + "/" + path;
        }

        @Override
        public String key() {
            return name + "/" + path;
        }

        /** The files below this place, were it a folder. */
        Provided.Files below() {
            String prefix = path + "/";
            Map<String, byte[]> below = new TreeMap<>();
            files.contents().forEach((name, bytes) -> {
                if (name.startsWith(prefix)) {
                    below.put(name.substring(prefix.length()), bytes);
                }
            });
            return Provided.Files.of(below, files.pin().resolved());
        }

        @Override
        public Reference relative(String text) {
            return RepositoryPath.resolve(path, text)
                    .<Reference>map(resolved -> new Reference.To(new InArchive(name, files, resolved)))
                    .orElseGet(() -> new Reference.Nowhere(
                            ErrorCode.OutsideRoot, "leads out of " + name, "name a file that is part of it"));
        }
    }

    /** What Helm rendered; it stands in no folder. */
    record Rendered(String name) implements Location {
        @Override
        public String shown() {
            return name;
        }

        @Override
        public String key() {
            return name;
        }

        @Override
        public Reference relative(String path) {
            return new Reference.Nowhere(
                    ErrorCode.ImportNotAllowed,
                    "is a path in what Helm rendered, which stands in no folder",
                    "let the chart write the content itself, or a URL");
        }
    }
}
