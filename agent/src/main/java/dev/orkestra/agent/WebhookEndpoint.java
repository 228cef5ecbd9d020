package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.plan.OwnedFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /hooks/NAME}: a Git server says that there is news for a ConfigRepo of the agent's namespace. All that comes
 * of it is a look at the repository, by whichever replica leads: it hears of it by an annotation. What the payload says
 * is not read, so an old one that is sent again, or a made-up one, names no commit to anybody (DESIGN.md §4.1).
 */
final class WebhookEndpoint implements HttpHandler {
    static final String PATH = "/hooks/";
    /** Asks for a look; each value is a new request. */
    static final String FETCH_REQUESTED = "orkestra.dev/fetch-requested";

    private static final Logger LOG = LoggerFactory.getLogger(WebhookEndpoint.class);
    /** GitHub sends at most 25 MB. */
    private static final long MOST_BYTES = 25L << 20;
    /** Each may cost two requests to the API server before anything is known about who asks. */
    private static final int MOST_AT_ONCE = 8;
    /** Whoever can reach the port can be refused as often as they like; the log is not to be full of it. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    private final Cluster cluster;
    private final String namespace;
    private final WebhookSecrets secrets;
    private final Consumer<Result> counter;
    private final InstantSource clock;
    private final Semaphore turns = new Semaphore(MOST_AT_ONCE);
    private final AtomicReference<Instant> toldUntil = new AtomicReference<>(Instant.MIN);

    /** What became of a request. */
    enum Result {
        /** A look follows. */
        ACCEPTED,
        /** It is not known to come from the Git server, or is not what a Git server sends. */
        REFUSED,
        /** The agent could not answer it now. */
        FAILED
    }

    /** @param counter told of each request */
    WebhookEndpoint(Cluster cluster, String namespace, Consumer<Result> counter, InstantSource clock) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.secrets = new WebhookSecrets(cluster, namespace, clock);
        this.counter = counter;
        this.clock = clock;
    }

    /** @param why for the log; empty where nothing is to be told */
    private record Answer(int status, Result result, String text, String why) {
        static Answer refused(int status, String text, String why) {
            return new Answer(status, Result.REFUSED, text, why);
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(PATH.length());
            Answer answer = answer(exchange, name);
            counter.accept(answer.result());
            tell(name, answer);
            byte[] body = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange, String name) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return Answer.refused(405, "a webhook is a POST", "");
        }
        if (!NAME.matcher(name).matches()) {
            return Answer.refused(
                    404, "there is no such page; a webhook goes to " + PATH + "NAME-OF-THE-CONFIGREPO", "");
        }
        Optional<WebhookSignature> signature = WebhookSignature.of(exchange.getRequestHeaders()::getFirst);
        if (signature.isEmpty()) {
            return Answer.refused(
                    401,
                    "not signed: X-Hub-Signature-256, X-Gitea-Signature or X-Gitlab-Token is wanted;"
                            + " give the webhook its secret in the Git server",
                    "it has no signature that could be right");
        }
        if (!turns.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            return new Answer(503, Result.FAILED, "too many at once; try again", "too many came at once");
        }
        try {
            return signed(exchange, name, signature.get());
        } catch (WebhookSignature.TooLargeException _) {
            return Answer.refused(413, "larger than any push: more than " + MOST_BYTES + " bytes", "it is too large");
        } catch (ClusterException e) {
            exchange.getResponseHeaders().set("Retry-After", "5");
            return new Answer(
                    503,
                    Result.FAILED,
                    "the agent cannot ask its cluster now; try again",
                    String.valueOf(e.getMessage()));
        } finally {
            turns.release();
        }
    }

    /** One answer for all that is not right: it is nobody's business which ConfigRepos there are. */
    private Answer signed(HttpExchange exchange, String name, WebhookSignature signature) throws IOException {
        WebhookSecrets.Found found = secrets.of(name);
        boolean isRight = signature.isBy(found.secret(), exchange.getRequestBody(), MOST_BYTES);
        if (!found.why().isEmpty() || !isRight) {
            return Answer.refused(
                    403,
                    "not accepted: the ConfigRepo has no webhook, or another secret; the agent's log tells which",
                    found.why().isEmpty() ? "it was signed with another secret" : found.why());
        }
        ask(name);
        return new Answer(202, Result.ACCEPTED, "accepted: the repository is looked at", "");
    }

    private void ask(String name) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .putObject("annotations")
                .put(FETCH_REQUESTED, clock.instant().toString());
        cluster.mergePatch(RepoStatus.CONFIG_REPOS, namespace, name, patch, false, OwnedFields.MANAGER);
    }

    private void tell(String name, Answer answer) {
        if (answer.result() == Result.ACCEPTED) {
            LOG.atInfo().addKeyValue("configRepo", namespace + "/" + name).log("a webhook asks for a look");
            return;
        }
        Instant now = clock.instant();
        Instant until = toldUntil.get();
        boolean isNews = !answer.why().isEmpty() && !now.isBefore(until);
        if (isNews && toldUntil.compareAndSet(until, now.plus(QUIET))) {
            LOG.atWarn()
                    .addKeyValue("configRepo", namespace + "/" + name)
                    .addKeyValue("why", answer.why())
                    .log("a webhook is not accepted; others are refused without a word for " + QUIET.toSeconds()
                            + " s");
        }
    }
}
