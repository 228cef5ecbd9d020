package dev.orkestra.source;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.net.URI;

/** Says to the owner of a ConfigRepo why a fetch failed, and how to mend it. */
final class FetchTrouble {
    private static final String SERVER =
            "it is tried again; if it stays so, check spec.source.url and that the agent can reach the server";

    private FetchTrouble() {}

    static Outcome<Commit> of(SourceRequest request, FetchFailure failure) {
        String where = where(request);
        return switch (failure.kind()) {
            case DEADLINE ->
                retry(
                        ErrorCode.FetchFailed,
                        where + " did not answer in time",
                        "it is tried again; what runs in the cluster stays as it is");
            case TOO_LARGE ->
                Outcome.terminal(Diagnostic.error(
                        ErrorCode.TooLarge,
                        where + " sends more than one fetch may receive",
                        null,
                        "keep large files out of the config repository, or use one repository per environment"));
            case OTHER_HOST ->
                Outcome.terminal(Diagnostic.error(
                        ErrorCode.FetchFailed,
                        where + " redirects to another host, scheme or port",
                        null,
                        "write the new place into spec.source.url: credentials are sent only to the host named there"));
            case ACCESS -> refused(request, failure);
            case NO_VERSION, AMBIGUOUS ->
                retry(ErrorCode.RefNotFound, where + " has no " + request.ref(), "push it, or correct spec.source.ref");
            case NO_REPOSITORY ->
                retry(
                        ErrorCode.FetchFailed,
                        where + " has no Git repository at this path",
                        "check spec.source.url; some servers answer so when credentials lack the right to read");
            case NO_COMMIT ->
                retry(
                        ErrorCode.FetchFailed,
                        request.ref() + " does not name a commit",
                        "let spec.source.ref name a branch, or a tag of a commit");
            case SERVER -> retry(ErrorCode.FetchFailed, where + " answers " + failure.detail(), SERVER);
            case BROKEN -> retry(ErrorCode.FetchFailed, where + ": " + failure.detail(), SERVER);
        };
    }

    private static Outcome<Commit> refused(SourceRequest request, FetchFailure failure) {
        String given = request.credentials().isNone() ? "without credentials" : "with the credentials given";
        return Outcome.retry(
                GitMirror.LATER,
                Diagnostic.error(
                        ErrorCode.AuthenticationFailed,
                        where(request) + " refuses access " + given + " (" + failure.detail() + ")",
                        null,
                        "check username and password in the Secret that spec.source.secretRef names"));
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
