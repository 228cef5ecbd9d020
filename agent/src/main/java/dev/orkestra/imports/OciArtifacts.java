package dev.orkestra.imports;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.registry.OciReference;
import dev.orkestra.registry.OciSession;
import dev.orkestra.registry.RegistryTrouble;
import dev.orkestra.web.Access;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Pulls artifacts from OCI registries. What has not the digest and the size that the manifest says is refused. */
final class OciArtifacts {
    private final Downloads downloads;
    private final Variables variables;
    private final ImportLimits limits;

    OciArtifacts(Downloads downloads, Variables variables, ImportLimits limits) {
        this.downloads = downloads;
        this.variables = variables;
        this.limits = limits;
    }

    /** The artifact's files, of the version that is locked where one is. */
    Provided.Files fetch(Need.OciArtifact need) throws ImportTrouble, InterruptedException {
        OciReference reference = reference(need);
        Budget budget = Budget.of(limits);
        Access access = Logins.of(need.auth(), variables).map(Access::of).orElse(Access.OPEN);
        Asking session = new Asking(
                new OciSession(downloads.client(), reference, access, OciSession.Right.PULL, budget::timeLeft), budget);
        byte[] manifest = manifest(session, reference, need.auth(), budget);
        String resolved = CanonicalJson.digest(manifest);
        if (reference.isByDigest() && !reference.reference().equals(resolved)) {
            throw notAsSaid("the registry gave another manifest than the one of that digest");
        }
        return Provided.Files.of(files(session, reference, OciManifest.read(manifest), budget), resolved);
    }

    private static OciReference reference(Need.OciArtifact need) throws ImportTrouble {
        OciReference named = named(need);
        if (need.locked().isEmpty()) {
            return named;
        }
        String digest = need.locked().get().resolved();
        if (!OciReference.isDigest(digest)) {
            throw new ImportTrouble(
                    ErrorCode.LockMismatch,
                    "the lock file does not name the digest of its manifest",
                    "write the lock file anew: ork compose --lock");
        }
        return named.at(digest);
    }

    private static OciReference named(Need.OciArtifact need) throws ImportTrouble {
        try {
            return OciReference.of(need.repository(), need.version());
        } catch (RegistryTrouble e) {
            throw trouble(e);
        }
    }

    /** A session whose trouble is that of an import. */
    private record Asking(OciSession session, Budget budget) {
        WebClient.Answer get(URI uri, String accept, int most) throws ImportTrouble, InterruptedException {
            try {
                return session.get(uri, accept, most);
            } catch (RegistryTrouble e) {
                throw trouble(e);
            } catch (WebTrouble e) {
                throw Downloads.trouble(e, most, budget);
            }
        }
    }

    private static ImportTrouble trouble(RegistryTrouble e) {
        return switch (e.kind()) {
            case ADDRESS -> new ImportTrouble(ErrorCode.WrongValue, e.words(), e.hint());
            case LOGIN_IN_ADDRESS -> new ImportTrouble(ErrorCode.WrongValue, e.words(), Refusals.ADD_AUTH);
            case LOGIN_MISSING -> refused(e.words(), Refusals.ADD_AUTH);
            case LOGIN_REFUSED ->
                refused(e.words(), "see whether the variables of its auth still hold the right secret");
            case LOGIN_OF_WRONG_KIND ->
                refused(e.words(), "use auth: {type: basic, usernameFromEnv: …, passwordFromEnv: …}");
            case UNPROTECTED -> refused(e.words(), e.hint());
            case ABSENT -> new ImportTrouble(ErrorCode.NotFound, e.words(), e.hint());
            case BUSY, BROKEN -> new ImportTrouble(ErrorCode.ImportFailed, e.words(), e.hint());
        };
    }

    private static byte[] manifest(Asking session, OciReference reference, Optional<ImportAuth> auth, Budget budget)
            throws ImportTrouble, InterruptedException {
        int most = Math.min(OciManifest.MAX_BYTES, budget.bytesLeft());
        WebClient.Answer answer = session.get(reference.manifest(), OciManifest.ACCEPT, most);
        if (answer.status() != 200) {
            throw refused(answer.status(), auth);
        }
        budget.take(answer.body().length);
        return answer.body();
    }

    private static Map<String, byte[]> files(
            Asking session, OciReference reference, OciManifest manifest, Budget budget)
            throws ImportTrouble, InterruptedException {
        if (manifest.bytes() > budget.bytesLeft()) {
            throw budget.tooLarge();
        }
        Map<String, byte[]> blobs = new HashMap<>();
        Map<String, byte[]> files = new TreeMap<>();
        for (OciManifest.Layer layer : manifest.layers()) {
            byte[] blob = blobs.get(layer.digest());
            if (blob == null) {
                blob = blob(session, reference, layer, budget);
                blobs.put(layer.digest(), blob);
            }
            Map<String, byte[]> found = layer.packed() ? TarFiles.read(blob, budget) : Map.of(layer.title(), blob);
            for (Map.Entry<String, byte[]> file : found.entrySet()) {
                if (files.put(file.getKey(), file.getValue()) != null) {
                    throw new ImportTrouble(
                            ErrorCode.WrongValue,
                            "it holds the file '" + file.getKey() + "' twice",
                            "push it again with each file once");
                }
            }
        }
        return files;
    }

    private static byte[] blob(Asking session, OciReference reference, OciManifest.Layer layer, Budget budget)
            throws ImportTrouble, InterruptedException {
        int most = (int) Math.min(layer.size(), budget.bytesLeft());
        WebClient.Answer answer = session.get(reference.blob(layer.digest()), "*/*", most);
        if (answer.status() != 200) {
            throw Refusals.other(
                    "asked for the file '" + layer.title() + "', the registry",
                    answer.status(),
                    "push the artifact again");
        }
        byte[] bytes = answer.body();
        budget.take(bytes.length);
        if (bytes.length != layer.size() || !CanonicalJson.digest(bytes).equals(layer.digest())) {
            throw notAsSaid("the file '" + layer.title() + "' is not what the manifest says");
        }
        return bytes;
    }

    private static ImportTrouble notAsSaid(String message) {
        return new ImportTrouble(
                ErrorCode.ImportFailed,
                message,
                "try again; if it stays, the registry is damaged or somebody changed what it sends");
    }

    private static ImportTrouble refused(int status, Optional<ImportAuth> auth) {
        return switch (status) {
            case 401 ->
                auth.isEmpty()
                        ? refused("the registry asks for credentials (401)", Refusals.ADD_AUTH)
                        : refused(
                                "the registry does not accept the credentials (401)", Refusals.seeWhether(auth.get()));
            case 403 ->
                auth.isEmpty()
                        ? refused("the registry lets nobody pull it without credentials (403)", Refusals.ADD_AUTH)
                        : refused(
                                "the registry knows the credentials, but does not let them pull it (403)",
                                "give the account of " + Logins.names(auth.get()) + " the right to pull");
            case 404 ->
                new ImportTrouble(
                        ErrorCode.NotFound,
                        "there is no such artifact or version (404)",
                        "see whether repository and version are right; some registries answer so for what one may not"
                                + " see");
            default -> Refusals.other("the registry", status, "see whether this is a registry");
        };
    }

    private static ImportTrouble refused(String message, String hint) {
        return new ImportTrouble(ErrorCode.AuthenticationFailed, message, hint);
    }
}
