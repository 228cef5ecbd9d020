package dev.orkestra.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.Login;
import dev.orkestra.web.Origin;
import dev.orkestra.web.WebClient;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Talks to one repository of a registry. The first answer 401 says what the registry wants to see: user and password,
 * or a token that another server gives for them. Asked for is only the right to pull, whatever the registry proposes.
 */
final class OciSession {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Tokens have some kilobytes; those of large installations some ten. */
    private static final int MAX_TOKEN_BYTES = 256 << 10;

    private final Downloads downloads;
    private final OciReference reference;
    private final Optional<Login> login;
    private final Budget budget;
    private Optional<String> authorization = Optional.empty();

    OciSession(Downloads downloads, OciReference reference, Optional<Login> login, Budget budget) {
        this.downloads = downloads;
        this.reference = reference;
        this.login = login;
        this.budget = budget;
    }

    /** The registry's answer, whatever its status; 401 only after credentials were shown, or where there are none. */
    WebClient.Answer get(URI uri, String accept, int mostBytes) throws ImportTrouble, InterruptedException {
        WebClient.Answer answer = ask(uri, accept, mostBytes);
        // A storage behind a redirect has no say in how the registry wants to be shown credentials.
        if (answer.status() != 401 || !Origin.of(answer.from()).equals(Origin.of(uri))) {
            return answer;
        }
        Optional<String> before = authorization;
        authorization = authorize(answer);
        return authorization.isEmpty() || authorization.equals(before) ? answer : ask(uri, accept, mostBytes);
    }

    private WebClient.Answer ask(URI uri, String accept, int mostBytes) throws ImportTrouble, InterruptedException {
        return downloads.ask(
                WebClient.Question.get(uri, Map.of("Accept", accept), authorization, Optional.empty()),
                mostBytes,
                budget);
    }

    private Optional<String> authorize(WebClient.Answer refusal) throws ImportTrouble, InterruptedException {
        Optional<Challenge> bearer = Challenge.of("bearer", refusal.headers());
        if (bearer.isPresent() && !bearer.get().parameter("realm").isEmpty()) {
            return token(bearer.get());
        }
        if (login.isPresent()
                && login.get() instanceof Login.Bearer
                && Challenge.of("basic", refusal.headers()).isPresent()) {
            throw new ImportTrouble(
                    ErrorCode.AuthenticationFailed,
                    "the registry asks for user and password, and a token is given",
                    "use auth: {type: basic, usernameFromEnv: …, passwordFromEnv: …}");
        }
        return login.map(Login::header);
    }

    /** The token of the server at the challenge's realm (distribution specification, "token authentication"). */
    private Optional<String> token(Challenge challenge) throws ImportTrouble, InterruptedException {
        URI realm = realm(challenge.parameter("realm"));
        String wanted = parameter("service", challenge.parameter("service")) + "&"
                + parameter("scope", "repository:" + reference.name() + ":pull");
        if (login.isPresent() && login.get() instanceof Login.Bearer(String secret)) {
            String form =
                    "grant_type=refresh_token&client_id=orkestra&" + wanted + "&" + parameter("refresh_token", secret);
            WebClient.Answer answer = ask(new WebClient.Question(
                    "POST",
                    realm,
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    Optional.empty(),
                    Optional.of(form.getBytes(StandardCharsets.UTF_8)),
                    Optional.empty()));
            // Servers that give no token for a token take it as it is.
            return answer.status() == 404 || answer.status() == 405
                    ? login.map(Login::header)
                    : Optional.of(token(answer));
        }
        URI asked = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + wanted);
        return Optional.of(
                token(ask(WebClient.Question.get(asked, Map.of(), login.map(Login::header), Optional.empty()))));
    }

    private WebClient.Answer ask(WebClient.Question question) throws ImportTrouble, InterruptedException {
        return downloads.ask(question, Math.min(MAX_TOKEN_BYTES, budget.bytesLeft()), budget);
    }

    /**
     * The token server, which sees the credentials. The registry names it and would have got them itself, so that its
     * host is the registry's to choose; but not that they travel unprotected where the registry itself is protected.
     */
    private URI realm(String text) throws ImportTrouble {
        try {
            URI uri = new URI(text);
            if (WebClient.isWeb(uri) && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                Origin realm = Origin.of(uri);
                Origin registry = Origin.of(reference.base());
                if (realm.isProtected() || realm.isLoopback() && registry.isLoopback()) {
                    return uri;
                }
                throw new ImportTrouble(
                        ErrorCode.AuthenticationFailed,
                        "the registry wants credentials to go to " + WebClient.shown(uri) + ", which is not protected",
                        "ask whoever runs the registry to give its tokens over https");
            }
        } catch (URISyntaxException e) {
            // Said below: what is no URL and what is no URL of a server are one to whoever reads it.
        }
        throw new ImportTrouble(
                ErrorCode.ImportFailed,
                "the registry names no address that gives tokens",
                "see whether this is a registry");
    }

    private String token(WebClient.Answer answer) throws ImportTrouble {
        String who = WebClient.shown(answer.from()) + ", which gives the registry's tokens,";
        if (answer.status() >= 400 && answer.status() < 404) {
            throw login.isEmpty()
                    ? new ImportTrouble(
                            ErrorCode.AuthenticationFailed,
                            who + " lets nobody read this without credentials (" + answer.status() + ")",
                            Refusals.ADD_AUTH)
                    : new ImportTrouble(
                            ErrorCode.AuthenticationFailed,
                            who + " does not accept the credentials (" + answer.status() + ")",
                            "see whether the variables of its auth still hold the right secret");
        }
        if (answer.status() != 200) {
            throw Refusals.other(who, answer.status(), "see whether the address of the artifact is right");
        }
        try {
            JsonNode tree = JSON.readTree(answer.body());
            for (String key : new String[] {"token", "access_token"}) {
                String token = tree.path(key).asText("");
                if (!token.isEmpty() && token.chars().allMatch(each -> each > ' ' && each < 127)) {
                    return "Bearer " + token;
                }
            }
        } catch (IOException e) {
            // Said below; the parser's words could hold a piece of a token. Bytes that are no text are an IOException
            // that is none of Jackson's own.
        }
        throw new ImportTrouble(ErrorCode.ImportFailed, who + " gave none", "see whether it is well");
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
