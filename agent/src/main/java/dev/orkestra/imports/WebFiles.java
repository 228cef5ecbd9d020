package dev.orkestra.imports;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.Login;
import dev.orkestra.web.WebClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/** Fetches single files over HTTP. */
final class WebFiles {
    private final Downloads downloads;
    private final Variables variables;
    private final ImportLimits limits;

    WebFiles(Downloads downloads, Variables variables, ImportLimits limits) {
        this.downloads = downloads;
        this.variables = variables;
        this.limits = limits;
    }

    /** One file, under the last name of the URL's path. */
    Provided.Files fetch(Need.WebFile need) throws ImportTrouble, InterruptedException {
        URI uri = checked(need.url());
        Optional<String> authorization = Logins.of(need.auth(), variables).map(Login::header);
        Budget budget = Budget.of(limits);
        WebClient.Answer answer = downloads.ask(
                WebClient.Question.get(uri, Map.of("Accept", "*/*"), authorization, Optional.empty()),
                budget.bytesLeft(),
                budget);
        if (answer.status() != 200) {
            throw refused(answer, need.auth());
        }
        return Provided.Files.of(Map.of(name(uri), answer.body()), "");
    }

    private static URI checked(String url) throws ImportTrouble {
        // Asked of the text, since a password with a wrong character in it makes a URL that cannot be read at all.
        String authority = url.replaceFirst("^[A-Za-z]*:?//", "").replaceFirst("[/?#].*$", "");
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw authority.indexOf('@') >= 0 ? hasUser() : notWeb();
        }
        if (uri.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
            throw hasUser();
        }
        if (!WebClient.isWeb(uri)) {
            throw notWeb();
        }
        return uri;
    }

    private static ImportTrouble hasUser() {
        return new ImportTrouble(
                ErrorCode.WrongValue,
                "the URL has a user or a password in it",
                "take them out, and name the variables that hold them:"
                        + " auth: {type: basic, usernameFromEnv: …, passwordFromEnv: …}");
    }

    private static ImportTrouble notWeb() {
        return new ImportTrouble(
                ErrorCode.WrongValue, "this is no http:// or https:// URL", "name the full address of a file");
    }

    private static ImportTrouble refused(WebClient.Answer answer, Optional<ImportAuth> auth) {
        int status = answer.status();
        if ((status == 401 || status == 403) && auth.isPresent() && !answer.credentialsSent()) {
            return refused(
                    WebClient.shown(answer.from()) + ", to which the server redirects, asks for credentials (" + status
                            + "); they are not sent to another host",
                    "name that address as the URL if it may see them");
        }
        return switch (status) {
            case 401 ->
                auth.isEmpty()
                        ? refused("the server asks for credentials (401)", Refusals.ADD_AUTH)
                        : refused("the server does not accept the credentials (401)", Refusals.seeWhether(auth.get()));
            case 403 ->
                auth.isEmpty()
                        ? refused("the server lets nobody read it without credentials (403)", Refusals.ADD_AUTH)
                        : refused(
                                "the server knows the credentials, but does not let them read it (403)",
                                "give the account of " + Logins.names(auth.get()) + " the right to read it");
            case 404, 410 ->
                new ImportTrouble(
                        ErrorCode.NotFound,
                        "there is no such file (" + status + ")",
                        "see whether the URL is right; some servers answer so for what one may not see");
            default -> Refusals.other("the server", status, "see whether the URL is right");
        };
    }

    private static ImportTrouble refused(String message, String hint) {
        return new ImportTrouble(ErrorCode.AuthenticationFailed, message, hint);
    }

    private static String name(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() || last.equals(".") || last.equals("..") ? "file" : last;
    }
}
