package dev.orkestra.source;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;

/**
 * Why a fetch failed. The texts are ours: JGit's repeat URLs, servers' answers could hold anything.
 *
 * @param kind what went wrong
 * @param detail more of it for people, or empty; never a URL
 */
public record FetchFailure(Kind kind, String detail) {
    /** What can go wrong. */
    public enum Kind {
        /** The deadline passed. */
        DEADLINE,
        /** The server sends more than one fetch may receive. */
        TOO_LARGE,
        /** The server redirects to another host, scheme or port. */
        OTHER_HOST,
        /** The server wants other credentials, or any; the detail is its status. */
        ACCESS,
        /** There is no such branch, tag or commit. */
        NO_VERSION,
        /** More than one commit begins with these digits. */
        AMBIGUOUS,
        NO_REPOSITORY,
        /** The ref names something else than a commit. */
        NO_COMMIT,
        /** The server has trouble of its own; the detail is its status. */
        SERVER,
        /** The way there or the mirror is broken; the detail says how. */
        BROKEN
    }

    static FetchFailure of(Exchange exchange, Throwable trouble) {
        return switch (exchange.stop()) {
            case DEADLINE -> new FetchFailure(Kind.DEADLINE, "");
            case TOO_LARGE -> new FetchFailure(Kind.TOO_LARGE, "");
            case OTHER_HOST -> new FetchFailure(Kind.OTHER_HOST, "");
            case NONE ->
                find(trouble, SocketTimeoutException.class) != null
                                && !exchange.left().isPositive()
                        ? new FetchFailure(Kind.DEADLINE, "")
                        : fromServer(exchange.lastStatus(), trouble);
        };
    }

    private static FetchFailure fromServer(int status, Throwable trouble) {
        if (status == 401 || status == 403) {
            return new FetchFailure(Kind.ACCESS, "HTTP " + status);
        }
        if (trouble instanceof BareMirror.NoSuchRefException) {
            return new FetchFailure(Kind.NO_VERSION, "");
        }
        if (trouble instanceof VersionFetch.AmbiguousException) {
            return new FetchFailure(Kind.AMBIGUOUS, "");
        }
        if (status == 404 || find(trouble, NoRemoteRepositoryException.class) != null) {
            return new FetchFailure(Kind.NO_REPOSITORY, "");
        }
        if (find(trouble, IncorrectObjectTypeException.class) != null) {
            return new FetchFailure(Kind.NO_COMMIT, "");
        }
        if (status == 429 || status >= 500) {
            return new FetchFailure(Kind.SERVER, "HTTP " + status);
        }
        return new FetchFailure(Kind.BROKEN, reason(trouble));
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
        if (isDiskFull(trouble)) {
            return "the mirror cannot be written, as the disk of the cache folder is full";
        }
        FileSystemException file = find(trouble, FileSystemException.class);
        if (file != null) {
            return "the mirror cannot be written (" + file.getClass().getSimpleName() + ")";
        }
        return "the transfer failed (" + trouble.getClass().getSimpleName() + ")";
    }

    /** Java has no type of its own for it. */
    private static boolean isDiskFull(Throwable trouble) {
        for (Throwable at = trouble; at != null; at = at.getCause()) {
            if (String.valueOf(at.getMessage()).contains("No space left on device")) {
                return true;
            }
        }
        return false;
    }

    private static <T extends Throwable> @Nullable T find(Throwable trouble, Class<T> kind) {
        for (Throwable at = trouble; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }
}
