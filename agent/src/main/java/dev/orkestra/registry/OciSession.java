package dev.orkestra.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import dev.orkestra.web.Origin;
import dev.orkestra.web.Tls;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Talks to one repository of a registry. The first answer 401 says what the registry wants to see: user and password,
 * or a token that another server gives for them. Asked for is only the right that is needed, whatever the registry
 * proposes. For one thread.
 */
public final class OciSession {
    /** What is to be done with the repository. */
    public enum Right {
        PULL("pull"),
        PUSH("pull,push");

        private final String scope;

        Right(String scope) {
            this.scope = scope;
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Tokens have some kilobytes; those of large installations some ten. */
    private static final int MAX_TOKEN_BYTES = 256 << 10;

    private final WebClient client;
    private final OciReference reference;
    private final Access access;
    private final Right right;
    private final Supplier<Duration> left;
    private Optional<String> authorization = Optional.empty();

    /** @param left the time that there still is, asked before each request */
    public OciSession(WebClient client, OciReference reference, Access access, Right right, Supplier<Duration> left) {
        this.client = client;
        this.reference = reference;
        this.access = access;
        this.right = right;
        this.left = left;
    }

    /** The registry's answer, whatever its status; 401 only after credentials were shown, or where there are none. */
    public WebClient.Answer get(URI uri, String accept, int mostBytes)
            throws RegistryTrouble, WebTrouble, InterruptedException {
        return send("GET", uri, Map.of("Accept", accept), Optional.empty(), mostBytes);
    }

    /** As {@link #get}, for other methods; {@code uri} is one of the registry's. */
    WebClient.Answer send(String method, URI uri, Map<String, String> headers, Optional<byte[]> body, int mostBytes)
            throws RegistryTrouble, WebTrouble, InterruptedException {
        WebClient.Answer answer = ask(method, uri, headers, body, mostBytes);
        // A storage behind a redirect has no say in how the registry wants to be shown credentials.
        if (answer.status() != 401 || !Origin.of(answer.from()).equals(Origin.of(uri))) {
            return answer;
        }
        Optional<String> before = authorization;
        authorization = authorize(answer);
        return authorization.isEmpty() || authorization.equals(before)
                ? answer
                : ask(method, uri, headers, body, mostBytes);
    }

    OciReference reference() {
        return reference;
    }

    /** What {@code status} means, with whether there were credentials to show. */
    public RegistryTrouble refused(int status, String what) {
        return RegistryTrouble.refused(
                status,
                "the registry " + reference.base().getAuthority(),
                what,
                access.login().isPresent());
    }

    private WebClient.Answer ask(
            String method, URI uri, Map<String, String> headers, Optional<byte[]> body, int mostBytes)
            throws WebTrouble, InterruptedException {
        WebClient.Question question = new WebClient.Question(method, uri, headers, authorization, body, access.tls());
        return client.ask(question, mostBytes, left.get());
    }

    private Optional<String> authorize(WebClient.Answer refusal)
            throws RegistryTrouble, WebTrouble, InterruptedException {
        Optional<Challenge> bearer = Challenge.of("bearer", refusal.headers());
        if (bearer.isPresent() && !bearer.get().parameter("realm").isEmpty()) {
            return token(bearer.get());
        }
        if (access.login().filter(Login.Bearer.class::isInstance).isPresent()
                && Challenge.of("basic", refusal.headers()).isPresent()) {
            throw new RegistryTrouble(
                    RegistryTrouble.Kind.LOGIN_OF_WRONG_KIND,
                    "the registry asks for user and password, and a token is given",
                    "give user and password");
        }
        return access.login().map(Login::header);
    }

    /** The token of the server at the challenge's realm (distribution specification, "token authentication"). */
    private Optional<String> token(Challenge challenge) throws RegistryTrouble, WebTrouble, InterruptedException {
        URI realm = realm(challenge.parameter("realm"));
        String wanted = parameter("service", challenge.parameter("service")) + "&"
                + parameter("scope", "repository:" + reference.name() + ":" + right.scope);
        Optional<String> own = access.login().map(Login::header);
        if (access.login().isPresent() && access.login().get() instanceof Login.Bearer(String secret)) {
            String form =
                    "grant_type=refresh_token&client_id=orkestra&" + wanted + "&" + parameter("refresh_token", secret);
            WebClient.Answer answer = askForToken(new WebClient.Question(
                    "POST",
                    realm,
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    Optional.empty(),
                    Optional.of(form.getBytes(StandardCharsets.UTF_8)),
                    tls(realm)));
            // Servers that give no token for a token take it as it is.
            return answer.status() == 404 || answer.status() == 405 ? own : Optional.of(token(answer));
        }
        URI asked = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + wanted);
        return Optional.of(token(askForToken(WebClient.Question.get(asked, Map.of(), own, tls(realm)))));
    }

    private Optional<Tls> tls(URI realm) {
        boolean own = Origin.of(realm).equals(Origin.of(reference.base()));
        return own ? access.tls() : access.tls().map(Tls::authorityAlone);
    }

    private WebClient.Answer askForToken(WebClient.Question question) throws WebTrouble, InterruptedException {
        return client.ask(question, MAX_TOKEN_BYTES, left.get());
    }

    /**
     * The token server, which sees the credentials. The registry names it and would have got them itself, so that its
     * host is the registry's to choose; but not that they travel unprotected where the registry itself is protected.
     */
    private URI realm(String text) throws RegistryTrouble {
        try {
            URI uri = new URI(text);
            if (WebClient.isWeb(uri) && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                Origin realm = Origin.of(uri);
                Origin registry = Origin.of(reference.base());
                if (realm.isProtected() || realm.isLoopback() && registry.isLoopback()) {
                    return uri;
                }
                throw new RegistryTrouble(
                        RegistryTrouble.Kind.UNPROTECTED,
                        "the registry wants credentials to go to " + WebClient.shown(uri) + ", which is not protected",
                        "ask whoever runs the registry to give its tokens over https");
            }
        } catch (URISyntaxException e) {
            // Said below: what is no URL and what is no URL of a server are one to whoever reads it.
        }
        throw new RegistryTrouble(
                RegistryTrouble.Kind.BROKEN,
                "the registry names no address that gives tokens",
                "see whether this is a registry");
    }

    private String token(WebClient.Answer answer) throws RegistryTrouble {
        String who = WebClient.shown(answer.from()) + ", which gives the registry's tokens,";
        int status = answer.status();
        if (status >= 400 && status < 404) {
            throw access.login().isEmpty()
                    ? new RegistryTrouble(
                            RegistryTrouble.Kind.LOGIN_MISSING,
                            who + " lets nobody read this without credentials (" + status + ")",
                            "give credentials")
                    : new RegistryTrouble(
                            RegistryTrouble.Kind.LOGIN_REFUSED,
                            who + " does not accept the credentials (" + status + ")",
                            "see whether the credentials are right");
        }
        if (status != 200) {
            throw RegistryTrouble.isBusy(status)
                    ? new RegistryTrouble(
                            RegistryTrouble.Kind.BUSY,
                            who + " cannot answer now (" + status + ")",
                            "see whether it is well, and try again later")
                    : new RegistryTrouble(
                            RegistryTrouble.Kind.ABSENT,
                            who + " answered " + status,
                            "see whether the address of the artifact is right");
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
        throw new RegistryTrouble(RegistryTrouble.Kind.BROKEN, who + " gave none", "see whether it is well");
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
