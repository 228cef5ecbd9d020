package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that must be fetched before the composition can go on. Two needs with one {@link #key} are one.
 */
public sealed interface Need {
    /** The import that names it, or null for the entry itself. */
    @Nullable
    Position askedBy();

    /** Names what is needed, whoever asks; never a secret. */
    String key();

    /**
     * A file of the same repository and commit. Answered by {@link Provided.Content}.
     *
     * @param path from the repository's root, {@code /} between names, without {@code .} and {@code ..}
     */
    record RepositoryFile(String path, @Nullable Position askedBy) implements Need {
        @Override
        public String key() {
            return path;
        }
    }

    /**
     * All files below a folder of the same repository and commit, such as a chart. Answered by
     * {@link Provided.Files}, paths from that folder.
     */
    record RepositoryFolder(String path, @Nullable Position askedBy) implements Need {
        @Override
        public String key() {
            return path + "/";
        }
    }

    /** The value of an environment variable that is no secret. Answered by {@link Provided.Content}, UTF-8. */
    record Variable(String name, @Nullable Position askedBy) implements Need {
        @Override
        public String key() {
            return "$" + name;
        }
    }

    /**
     * The documents that Helm renders from a chart at hand, without a cluster: {@code helm template} with the release
     * name {@code orkestra-render} and the chart's CRDs, as upstream. Answered by {@link Provided.Content}.
     *
     * @param chart the chart's files by their path from its folder
     * @param valueFiles merged in their order as Helm merges them: deep, null removes a key
     * @param values laid over them by whole top-level keys; not deep
     */
    record Rendering(
            Provided.Files chart,
            List<JsonNode> valueFiles,
            JsonNode values,
            @Nullable Position askedBy) implements Need {
        public Rendering {
            valueFiles = List.copyOf(valueFiles);
        }

        @Override
        public String key() {
            StringBuilder key = new StringBuilder("render:").append(chart.pin().digest());
            valueFiles.forEach(file -> key.append(' ').append(CanonicalJson.digest(file)));
            return key.append(" + ").append(CanonicalJson.digest(values)).toString();
        }
    }

    /** Something from a network, which a lock file can pin. Answered by {@link Provided.Files}. */
    sealed interface Remote extends Need {
        /** What a lock file pins it to: the fetch must bring that, whatever the version names today. */
        Optional<Pin> locked();

        /** How to show oneself to the server. */
        Optional<ImportAuth> auth();

        /** {@link #key} for people: without what may be a secret. */
        default String shown() {
            return key();
        }

        /** This need, pinned. */
        Remote lockedTo(Optional<Pin> pin);
    }

    /**
     * One file at a URL. The answer holds one file, whatever its name.
     *
     * @param url http or https, without user and password
     */
    record WebFile(
            String url,
            Optional<ImportAuth> auth,
            Optional<Pin> locked,
            @Nullable Position askedBy) implements Remote {
        @Override
        public String key() {
            return url;
        }

        @Override
        public String shown() {
            return Location.OnWeb.shown(url);
        }

        @Override
        public Remote lockedTo(Optional<Pin> pin) {
            return new WebFile(url, auth, pin, askedBy);
        }
    }

    /**
     * The files of an artifact in an OCI registry. {@link Pin#resolved} is the digest of its manifest.
     *
     * @param repository {@code host[:port]/path}
     * @param version tag, or {@code sha256:…}
     */
    record OciArtifact(
            String repository,
            String version,
            Optional<ImportAuth> auth,
            Optional<Pin> locked,
            @Nullable Position askedBy)
            implements Remote {
        @Override
        public String key() {
            return "oci://" + repository + "@" + version;
        }

        @Override
        public Remote lockedTo(Optional<Pin> pin) {
            return new OciArtifact(repository, version, auth, pin, askedBy);
        }
    }

    /**
     * The files below a folder of a Git repository. {@link Pin#resolved} is the commit.
     *
     * @param version branch, tag or commit; {@code HEAD} for the default branch
     * @param folder path from the root, empty for the whole repository
     */
    record GitFiles(
            String url,
            String version,
            String folder,
            Optional<ImportAuth> auth,
            Optional<Pin> locked,
            @Nullable Position askedBy)
            implements Remote {
        @Override
        public String key() {
            return "git+" + url + "@" + version + (folder.isEmpty() ? "" : "//" + folder);
        }

        @Override
        public Remote lockedTo(Optional<Pin> pin) {
            return new GitFiles(url, version, folder, auth, pin, askedBy);
        }
    }

    /**
     * The files of a chart in a Helm repository over HTTP(S). {@link Pin#resolved} is the version that was chosen.
     *
     * @param version version or range; empty for the newest
     */
    record HelmChart(
            String repository,
            String chart,
            String version,
            Optional<ImportAuth> auth,
            Optional<Pin> locked,
            @Nullable Position askedBy)
            implements Remote {
        @Override
        public String key() {
            return "helm+" + repository + "//" + chart + "@" + version;
        }

        @Override
        public Remote lockedTo(Optional<Pin> pin) {
            return new HelmChart(repository, chart, version, auth, pin, askedBy);
        }
    }
}
