package dev.orkestra.source;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Bare mirrors in a cache folder, one per URL, that can be lost at any time. Fetches of one URL take turns; those of
 * different URLs do not wait for each other. Each fetch asks the server with its own credentials, so knowing a mirror
 * gives nobody a commit.
 */
public final class GitMirror implements AutoCloseable {
    /** How much one fetch may receive: far above a repository of manifests, far below a full disk. */
    public static final long DEFAULT_MAX_FETCH_BYTES = 1L << 30;

    private static final Set<String> SCHEMES = Set.of("http", "https", "file");

    private static final VersionResult LATE =
            new VersionResult.Failed(new FetchFailure(FetchFailure.Kind.DEADLINE, ""));

    private final Path cacheFolder;
    private final InstantSource clock;
    private final long maxFetchBytes;
    private final Map<String, BareMirror> mirrors = new ConcurrentHashMap<>();

    public GitMirror(Path cacheFolder, InstantSource clock) {
        this(cacheFolder, clock, DEFAULT_MAX_FETCH_BYTES);
    }

    /** @param maxFetchBytes how much one fetch over HTTP may receive */
    public GitMirror(Path cacheFolder, InstantSource clock, long maxFetchBytes) {
        HermeticSystemReader.install();
        this.cacheFolder = cacheFolder;
        this.clock = clock;
        this.maxFetchBytes = maxFetchBytes;
    }

    /**
     * Brings the mirror up to date and tells the commit that the ref names now. Blocks, up to the request's deadline.
     *
     * @return Retry with FetchFailed, AuthenticationFailed or RefNotFound; Terminal with Invalid (URL or ref) or
     * TooLarge
     */
    public Outcome<Commit> fetch(SourceRequest request) {
        Optional<Diagnostic> invalid = invalid(request);
        if (invalid.isPresent()) {
            return Outcome.terminal(invalid.get());
        }
        return switch (run(request, (mirror, exchange) -> mirror.fetch(request, exchange))) {
            case VersionResult.Found(Commit commit) -> Outcome.done(commit);
            case VersionResult.Failed(FetchFailure failure) -> FetchTrouble.of(request, failure);
        };
    }

    /**
     * Brings the files of one version, not its history, and tells the commit that the version names now. Blocks, up to
     * the request's deadline. Not for URLs that {@link #fetch} follows in the same cache folder: it asks for history.
     *
     * @throws IllegalArgumentException when the URL is not one that a {@link VersionRequest} may have
     */
    public VersionResult fetchVersion(VersionRequest request) {
        SourceRequest source =
                new SourceRequest(request.url(), "refs/heads/any", request.credentials(), request.deadline());
        invalid(source).ifPresent(found -> {
            throw new IllegalArgumentException(found.message());
        });
        return run(source, (mirror, exchange) -> mirror.fetchVersion(request, exchange));
    }

    /** One try to bring something into a mirror. */
    private interface Attempt {
        Commit with(BareMirror mirror, Exchange exchange) throws IOException, URISyntaxException;
    }

    private VersionResult run(SourceRequest request, Attempt attempt) {
        Instant deadline = clock.instant().plus(request.deadline());
        BareMirror mirror = mirror(request.url());
        try {
            if (!mirror.lock.tryLock(request.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
                return LATE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LATE;
        }
        try {
            return locked(mirror, attempt, () -> new Exchange(request, deadline, clock, maxFetchBytes));
        } finally {
            mirror.lock.unlock();
        }
    }

    /** A damaged mirror is thrown away and made anew, once: it holds nothing that the server does not. */
    private static VersionResult locked(BareMirror mirror, Attempt attempt, Supplier<Exchange> exchanges) {
        Exchange first = exchanges.get();
        try {
            if (mirror.isDamaged()) {
                mirror.discard();
            }
            return new VersionResult.Found(attempt.with(mirror, first));
        } catch (IOException | URISyntaxException | RuntimeException e) {
            if (first.stop() != Exchange.Stop.NONE || !isDamage(e)) {
                return new VersionResult.Failed(FetchFailure.of(first, e));
            }
        }
        Exchange second = exchanges.get();
        try {
            mirror.discard();
            return new VersionResult.Found(attempt.with(mirror, second));
        } catch (IOException | URISyntaxException | RuntimeException e) {
            return new VersionResult.Failed(FetchFailure.of(second, e));
        }
    }

    private static boolean isDamage(@Nullable Throwable trouble) {
        for (Throwable at = trouble; at != null; at = at.getCause()) {
            if (at instanceof BareMirror.DamagedException
                    || at instanceof MissingObjectException
                    || at instanceof LockFailedException
                    || at instanceof CorruptObjectException
                    || at instanceof ConfigInvalidException
                    || at instanceof RepositoryNotFoundException) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Diagnostic> invalid(SourceRequest request) {
        String advice = "write http(s)://host/path or file:///path; a user name and password belong into the Secret"
                + " that spec.source.secretRef names";
        URI url;
        try {
            url = new URI(request.url());
        } catch (URISyntaxException e) {
            // The text of e repeats the URL, which may hold a password.
            return Optional.of(Diagnostic.error(ErrorCode.Invalid, "spec.source.url is not a URL", null, advice));
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            return Optional.of(Diagnostic.error(
                    ErrorCode.Invalid, "spec.source.url has a scheme other than http, https and file", null, advice));
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            return Optional.of(Diagnostic.error(
                    ErrorCode.Invalid, "spec.source.url holds a user name, a query or a fragment", null, advice));
        }
        boolean hasPlace =
                scheme.equals("file") ? url.getPath() != null && !url.getPath().isEmpty() : url.getHost() != null;
        if (!hasPlace) {
            return Optional.of(
                    Diagnostic.error(ErrorCode.Invalid, "spec.source.url names no host or path", null, advice));
        }
        if (!request.ref().startsWith("refs/") || !Repository.isValidRefName(request.ref())) {
            return Optional.of(Diagnostic.error(
                    ErrorCode.Invalid,
                    "'" + request.ref() + "' is not a full ref name",
                    null,
                    "write for example refs/heads/main, or spec.source.ref.branch: main"));
        }
        return Optional.empty();
    }

    /** A commit that an earlier fetch brought. */
    public Optional<Commit> commit(String url, String id) {
        return mirror(url).commit(id);
    }

    /**
     * Whether {@code ancestor} is {@code descendant} or comes before it. False as well when the mirror lacks one of
     * them:
     * what cannot be shown to be a step forward is none.
     */
    public boolean isAncestor(String url, String ancestor, String descendant) {
        return mirror(url).isAncestor(ancestor, descendant);
    }

    /**
     * The files of a commit that an earlier fetch brought.
     *
     * @throws SourceException when the mirror lacks it; fetch again
     */
    public Tree tree(String url, String commitId) {
        return mirror(url).tree(commitId);
    }

    private BareMirror mirror(String url) {
        return mirrors.computeIfAbsent(url, key -> new BareMirror(cacheFolder.resolve(folderName(key))));
    }

    /** The URL itself may hold what does not belong into a file name. */
    static String folderName(String url) {
        return CanonicalJson.digest(url.getBytes(StandardCharsets.UTF_8)).substring("sha256:".length()) + ".git";
    }

    @Override
    public void close() {
        mirrors.values().forEach(BareMirror::close);
    }

    /** Shortest waits before the next try; the caller backs off on top of it. */
    static final Duration SOON = Duration.ofSeconds(2);

    /** Servers lock accounts out that come too often with a wrong password. */
    static final Duration LATER = Duration.ofMinutes(1);
}
