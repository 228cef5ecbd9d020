package dev.orkestra.source;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;

/**
 * Says why a fetch failed. The texts are ours: JGit's repeat URLs, servers' answers could hold anything.
 */
final class FetchTrouble {
    private static final String SERVER =
            "it is tried again; if it stays so, check spec.source.url and that the agent can reach the server";

    private FetchTrouble() {}

    static Outcome<Commit> deadline(SourceRequest request) {
        return retry(
                ErrorCode.FetchFailed,
                where(request) + " did not answer in time",
                "it is tried again; what runs in the cluster stays as it is");
    }

    static Outcome<Commit> of(SourceRequest request, Exchange exchange, Throwable trouble) {
        return switch (exchange.stop()) {
            case DEADLINE -> deadline(request);
            case TOO_LARGE ->
                Outcome.terminal(Diagnostic.error(
                        ErrorCode.TooLarge,
                        where(request) + " sends more than one fetch may receive",
                        null,
                        "keep large files out of the config repository, or use one repository per environment"));
            case OTHER_HOST ->
                Outcome.terminal(Diagnostic.error(
                        ErrorCode.FetchFailed,
                        where(request) + " redirects to another host, scheme or port",
                        null,
                        "write the new place into spec.source.url: credentials are sent only to the host named there"));
            case NONE -> fromServer(request, exchange.lastStatus(), trouble);
        };
    }

    private static Outcome<Commit> fromServer(SourceRequest request, int status, Throwable trouble) {
        if (status == 401 || status == 403) {
            String given = request.credentials().isNone() ? "without credentials" : "with the credentials given";
            return Outcome.retry(
                    GitMirror.LATER,
                    Diagnostic.error(
                            ErrorCode.AuthenticationFailed,
                            where(request) + " refuses access " + given + " (HTTP " + status + ")",
                            null,
                            "check username and password in the Secret that spec.source.secretRef names"));
        }
        if (trouble instanceof BareMirror.NoSuchRefException) {
            return retry(
                    ErrorCode.RefNotFound,
                    where(request) + " has no " + request.ref(),
                    "push it, or correct spec.source.ref");
        }
        if (status == 404 || find(trouble, NoRemoteRepositoryException.class) != null) {
            return retry(
                    ErrorCode.FetchFailed,
                    where(request) + " has no Git repository at this path",
                    "check spec.source.url; some servers answer so when credentials lack the right to read");
        }
        if (find(trouble, IncorrectObjectTypeException.class) != null) {
            return retry(
                    ErrorCode.FetchFailed,
                    request.ref() + " does not name a commit",
                    "let spec.source.ref name a branch, or a tag of a commit");
        }
        if (status == 429 || status >= 500) {
            return retry(ErrorCode.FetchFailed, where(request) + " answers HTTP " + status, SERVER);
        }
        return retry(ErrorCode.FetchFailed, where(request) + ": " + reason(trouble), SERVER);
    }

    private static String reason(Throwable trouble) {
        if (find(trouble, UnknownHostException.class) != null) {
            return "the host name is not known";
        }
        if (find(trouble, ConnectException.class) != null || find(trouble, NoRouteToHostException.class) != null) {
            return "nothing answers there";
        }
        if (find(trouble, SocketTimeoutException.class) != null) {
            return "no answer in time";
        }
        if (find(trouble, SSLException.class) != null) {
            return "the TLS connection is not trusted or broke";
        }
        if (find(trouble, SocketException.class) != null || find(trouble, EOFException.class) != null) {
            return "the connection broke off";
        }
        FileSystemException file = find(trouble, FileSystemException.class);
        if (file != null) {
            return "the mirror cannot be written (" + file.getClass().getSimpleName() + ")";
        }
        return "the transfer failed (" + trouble.getClass().getSimpleName() + ")";
    }

    private static <T extends Throwable> @Nullable T find(Throwable trouble, Class<T> kind) {
        for (Throwable at = trouble; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }

    /** The URL without anything that could be secret; {@link GitMirror} refuses URLs that hold such parts. */
    private static String where(SourceRequest request) {
        URI url = URI.create(request.url());
        String authority = url.getHost() == null ? "" : url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        return url.getScheme() + "://" + authority + (url.getPath() == null ? "" : url.getPath());
    }

    private static Outcome<Commit> retry(ErrorCode code, String message, String hint) {
        return Outcome.retry(GitMirror.SOON, Diagnostic.error(code, message, null, hint));
    }
}
