package dev.orkestra.imports;

import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.Commit;
import dev.orkestra.source.Credentials;
import dev.orkestra.source.FetchFailure;
import dev.orkestra.source.GitMirror;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreePath;
import dev.orkestra.source.VersionRequest;
import dev.orkestra.source.VersionResult;
import dev.orkestra.web.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Fetches folders of Git repositories over HTTP(S), one commit deep. A server is asked each time, also for what the
 * cache holds; so having fetched something gives nobody else the right to it. Thread-safe.
 */
public final class GitFolders implements AutoCloseable {
    /** GitHub's, GitLab's and Gitea's servers take any user with a token; this one is what GitHub's own programs send. */
    private static final String TOKEN_USER = "x-access-token";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    /** {@code user@host:path}, which SSH alone understands. */
    private static final Pattern SSH_PLACE = Pattern.compile("[^/]+@[^/]+:.*");

    private final GitMirror mirror;
    private final Variables variables;
    private final ImportLimits limits;
    private final boolean localFiles;

    /**
     * @param cacheFolder for mirrors of imports only: they lack the history that other mirrors need; can be lost
     * @param localFiles whether {@code file://} URLs are taken, which read whatever this process may read
     */
    public GitFolders(
            Path cacheFolder, InstantSource clock, Variables variables, ImportLimits limits, boolean localFiles) {
        this.mirror = new GitMirror(cacheFolder, clock, limits.maxImportBytes());
        this.variables = variables;
        this.limits = limits;
        this.localFiles = localFiles;
    }

    /** The files below the folder that {@code need} names, with the commit they are of. */
    public Provided provide(Need.GitFiles need) {
        Optional<Provided.Unreadable> refused = refusedUrl(need.url()).or(() -> refusedFolder(need.folder()));
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<String> locked = need.locked().map(Pin::resolved);
        if (locked.isPresent() && !COMMIT.matcher(locked.get()).matches()) {
            return new Provided.Unreadable(
                    ErrorCode.LockMismatch, "the lock file names no commit for it", "write the lock file anew");
        }
        try {
            return fetched(need, locked, credentials(Logins.of(need.auth(), variables)));
        } catch (ImportTrouble e) {
            return e.answer();
        }
    }

    private static Credentials credentials(Optional<Login> login) {
        return switch (login.orElse(null)) {
            case null -> Credentials.NONE;
            case Login.Bearer(String token) -> new Credentials(TOKEN_USER, token);
            case Login.Basic(String user, String password) -> new Credentials(user, password);
        };
    }

    @Override
    public void close() {
        mirror.close();
    }

    private Provided fetched(Need.GitFiles need, Optional<String> locked, Credentials credentials) {
        String version = locked.orElse(need.version().isEmpty() ? "HEAD" : need.version());
        VersionRequest request = new VersionRequest(need.url(), version, credentials, limits.maxImportTime());
        return switch (mirror.fetchVersion(request)) {
            case VersionResult.Found(Commit commit) -> files(need, commit);
            case VersionResult.Failed(FetchFailure failure) -> unreadable(request, failure, locked.isPresent());
        };
    }

    private Provided files(Need.GitFiles need, Commit commit) {
        String folder =
                need.folder().isEmpty() ? "" : TreePath.normal(need.folder()).orElseThrow();
        try {
            Tree tree = mirror.tree(need.url(), commit.id());
            return new TreeFolder(tree, limits, "commit " + commit.shortId()).read(folder, commit.id());
        } catch (SourceException e) {
            return new Provided.Unreadable(
                    ErrorCode.ImportFailed,
                    "the local copy of the repository cannot be read",
                    "try again; it is fetched anew then");
        }
    }

    private Provided.Unreadable unreadable(VersionRequest request, FetchFailure failure, boolean locked) {
        String server = "see whether the URL is right and the server can be reached from here";
        return switch (failure.kind()) {
            case DEADLINE -> Limit.time("the repository did not come in full", limits);
            case TOO_LARGE -> Limit.bytes("the server sends more for this version than may be received", limits);
            case OTHER_HOST ->
                // What is locked was there under this address, so that the server may be under repair.
                new Provided.Unreadable(
                        locked ? ErrorCode.ImportFailed : ErrorCode.ImportNotAllowed,
                        "the server redirects to another host, scheme or port",
                        "name the place that it leads to; credentials are only sent to the host that is named");
            case ACCESS ->
                new Provided.Unreadable(
                        ErrorCode.AuthenticationFailed,
                        "the server refuses access "
                                + (request.credentials().isNone()
                                        ? "without credentials"
                                        : "with the credentials given")
                                + " (" + failure.detail() + ")",
                        "let auth name variables with the right user and password, or a token");
            case NO_VERSION ->
                new Provided.Unreadable(
                        ErrorCode.RefNotFound,
                        "the repository has no branch, tag or commit '" + request.version() + "'",
                        "check the version");
            case AMBIGUOUS ->
                new Provided.Unreadable(
                        ErrorCode.RefNotFound,
                        "more than one commit begins with '" + request.version() + "'",
                        "write the whole commit");
            case NO_COMMIT ->
                new Provided.Unreadable(
                        ErrorCode.RefNotFound,
                        "'" + request.version() + "' does not name a commit",
                        "name a branch, a commit, or a tag of a commit");
            case NO_REPOSITORY ->
                new Provided.Unreadable(
                        locked ? ErrorCode.ImportFailed : ErrorCode.NotFound,
                        "there is no Git repository at this URL",
                        "check it; some servers answer so when credentials lack the right to read");
            case SERVER -> trouble("the server answers " + failure.detail(), server);
            case BROKEN -> trouble(failure.detail(), server);
        };
    }

    private static Provided.Unreadable trouble(String message, String hint) {
        return new Provided.Unreadable(ErrorCode.ImportFailed, message, hint);
    }

    private Optional<Provided.Unreadable> refusedUrl(String text) {
        if (SSH_PLACE.matcher(text).matches() && !text.contains("://")) {
            return notAllowed("Git over SSH is not supported");
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return notAllowed("this is not a URL");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            return notAllowed("the URL holds a user name, a query or a fragment");
        }
        return switch (url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT)) {
            case "http", "https" -> url.getHost() == null ? notAllowed("the URL names no host") : Optional.empty();
            case "file" ->
                localFiles && url.getPath() != null && !url.getPath().isEmpty()
                        ? Optional.empty()
                        : notAllowed("repositories on this machine are not imported");
            case "ssh", "git+ssh" -> notAllowed("Git over SSH is not supported");
            default -> notAllowed("Git is fetched over https or http only");
        };
    }

    private static Optional<Provided.Unreadable> notAllowed(String message) {
        return Optional.of(new Provided.Unreadable(
                ErrorCode.ImportNotAllowed,
                message,
                "use https://host/path; a user and a password, or a token, belong into variables that auth names"));
    }

    private static Optional<Provided.Unreadable> refusedFolder(String folder) {
        return folder.isEmpty()
                ? Optional.empty()
                : TreePath.problem(folder)
                        .map(problem -> new Provided.Unreadable(
                                ErrorCode.OutsideRoot,
                                "the folder " + problem,
                                "write it from the repository's root, such as charts/web"));
    }
}
