package dev.orkestra.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import io.kubernetes.client.util.exception.TokenAquisitionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Sends requests to one API server and reads answers, within limits; shared by all identities. */
final class ApiConnection {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    /** Of one request; with the longest wait between them it is over within six seconds. */
    private static final int MOST_TRIES = 4;

    private static final long LONGEST_BUSY_SECONDS = 2;

    private final OkHttpClient calls;
    private final OkHttpClient watches;
    private final HttpUrl base;
    private final String authorization;
    private final Settings settings;
    private final Map<RequestKind, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * @param client knows TLS, and the credentials where they change
     * @param authorization value of the Authorization header, or empty where the client sets it or certificates serve
     */
    ApiConnection(OkHttpClient client, HttpUrl base, String authorization, Settings settings) {
        this.base = base;
        this.authorization = authorization;
        this.settings = settings;
        this.calls = client.newBuilder()
                .socketFactory(new PromptSockets())
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.callTimeout())
                .writeTimeout(settings.callTimeout())
                .callTimeout(settings.callTimeout())
                .pingInterval(settings.pingInterval())
                // A redirect would carry the token to another host.
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
        // OkHttp's own 5 would queue asynchronous calls behind each other.
        calls.dispatcher().setMaxRequests(256);
        calls.dispatcher().setMaxRequestsPerHost(256);
        // Bookmarks come once a minute: silence for longer means that nobody is there any more, even without HTTP/2.
        this.watches = calls.newBuilder()
                .callTimeout(Duration.ZERO)
                .readTimeout(Duration.ofSeconds(90))
                .build();
    }

    Settings settings() {
        return settings;
    }

    /** Sends and reads a JSON object. Throws {@link ClusterException} for each answer that is not a success. */
    ObjectNode send(ApiRequest request, Optional<Identity> identity) {
        byte[] answer = exchange(request, identity);
        try {
            if (JSON.readTree(answer) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Told below; the parser's text could quote the answer.
        }
        throw new ClusterException(
                Reason.UNREACHABLE, request.what() + ": the answer of " + server() + " is not a JSON object");
    }

    /** Sends and reads text, for logs. */
    byte[] exchange(ApiRequest request, Optional<Identity> identity) {
        try (Response response = succeeded(request, patiently(request, calls.newCall(toHttp(request, identity))))) {
            return read(request, response.body().source());
        } catch (Exception e) {
            throw broken(request, e);
        }
    }

    /**
     * Sends {@code call}, and again when the server is too busy for it and says for how long: while it makes the storage
     * of a changed definition anew, for example. What was answered with 429 was not carried out, whatever the verb.
     */
    private Response patiently(ApiRequest request, Call call) throws Exception {
        Semaphore never = new Semaphore(0);
        Call next = call;
        for (int attempt = 1; ; attempt++) {
            Response response = send(request, next);
            Optional<Duration> wait = busyFor(response);
            if (wait.isEmpty() || attempt == MOST_TRIES) {
                return response;
            }
            response.close();
            if (never.tryAcquire(wait.get().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody releases it");
            }
            next = call.clone();
        }
    }

    private static Optional<Duration> busyFor(Response response) {
        String seconds = response.code() == TOO_MANY_REQUESTS ? response.header("Retry-After", "") : "";
        return seconds != null && seconds.matches("[0-9]{1,4}")
                ? Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(seconds), LONGEST_BUSY_SECONDS)))
                : Optional.empty();
    }

    private Response send(ApiRequest request, Call call) throws Exception {
        try {
            Response response = call.execute();
            count(request.verb(), response.code());
            return response;
        } catch (Exception e) {
            count(request.verb(), 0);
            throw e;
        }
    }

    /** {@code response} when it is a success; another answer becomes an exception. */
    private Response succeeded(ApiRequest request, Response response) throws IOException {
        if (response.isSuccessful()) {
            return response;
        }
        try (response) {
            throw Refusal.of(
                    request,
                    response.code(),
                    parseStatus(read(request, response.body().source())));
        }
    }

    /** Opens a watch; the caller reads lines until the stream ends, and closes it. */
    Stream open(ApiRequest request, Optional<Identity> identity) {
        return new Stream(request, watches.newCall(toHttp(request, identity)));
    }

    Map<RequestKind, Long> requestCounts() {
        Map<RequestKind, Long> snapshot = new TreeMap<>();
        counts.forEach((kind, count) -> snapshot.put(kind, count.sum()));
        return snapshot;
    }

    /** Host and port, without credentials. */
    String server() {
        return base.scheme() + "://" + base.host() + ":" + base.port();
    }

    /** Ends idle connections and threads of the client. */
    void close() {
        calls.dispatcher().cancelAll();
        calls.dispatcher().executorService().shutdown();
        calls.connectionPool().evictAll();
    }

    static byte[] bytes(JsonNode value) {
        try {
            return plain(JSON.writeValueAsString(value)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /**
     * JSON that is YAML as well, as which the server reads the body of an apply: characters beyond 16 bits as they are,
     * since YAML does not know them as two escapes, and those escaped that YAML forbids or takes for line breaks.
     */
    private static String plain(String json) {
        StringBuilder text = new StringBuilder(json.length() + 16);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean odd = c >= 0x7f && c <= 0x9f || c == 0x2028 || c == 0x2029 || c == 0xfeff || c >= 0xfffe;
            if (odd) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private Request toHttp(ApiRequest request, Optional<Identity> identity) {
        HttpUrl.Builder url = base.newBuilder();
        request.path().forEach(url::addPathSegment);
        request.query().forEach(parameter -> url.addQueryParameter(parameter.name(), parameter.value()));
        Request.Builder http = new Request.Builder()
                .url(url.build())
                .method(request.method(), body(request))
                .header("Accept", request.accept())
                .header("User-Agent", settings.userAgent());
        if (!authorization.isEmpty()) {
            http.header("Authorization", authorization);
        }
        identity.ifPresent(who -> impersonate(http, who));
        return http.build();
    }

    /** The groups that a token of the service account would carry; with a user alone, group bindings would be lost. */
    private static void impersonate(Request.Builder http, Identity identity) {
        http.header("Impersonate-User", identity.userName());
        http.addHeader("Impersonate-Group", "system:serviceaccounts");
        http.addHeader("Impersonate-Group", "system:serviceaccounts:" + identity.namespace());
        http.addHeader("Impersonate-Group", "system:authenticated");
    }

    private static @Nullable RequestBody body(ApiRequest request) {
        byte[] bytes = request.body();
        if (bytes == null) {
            return null;
        }
        MediaType type = MediaType.get(request.contentType());
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return type;
            }

            @Override
            public long contentLength() {
                return bytes.length;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.write(bytes);
            }

            /** A create that is sent twice after a broken connection could make two objects. */
            @Override
            public boolean isOneShot() {
                return request.verb() == Verb.CREATE;
            }
        };
    }

    private byte[] read(ApiRequest request, BufferedSource source) throws IOException {
        long limit = settings.maxBodyBytes();
        if (source.request(limit + 1)) {
            throw new ClusterException(
                    Reason.INVALID, request.what() + ": the answer is longer than " + limit + " bytes");
        }
        return source.readByteArray();
    }

    private static JsonNode parseStatus(byte[] body) {
        try {
            JsonNode status = JSON.readTree(body);
            return status == null ? JsonNodeFactory.instance.missingNode() : status;
        } catch (IOException e) {
            // Plain text of a proxy or of an unserved path: the code has to do.
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private void count(Verb verb, int status) {
        counts.computeIfAbsent(new RequestKind(verb, status), _ -> new LongAdder())
                .increment();
    }

    /**
     * What came instead of an answer. {@code Exception}, since OkHttp is Kotlin: it throws InterruptedException without
     * declaring it.
     */
    private ClusterException broken(ApiRequest request, Exception e) {
        String why = switch (e) {
            case ClusterException refused -> throw refused;
            case TokenAquisitionException _ ->
                throw new ClusterException(
                        Reason.UNAUTHENTICATED, request.what() + ": the service account's token file cannot be read");
            case RuntimeException defect -> throw defect;
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                yield "interrupted";
            }
            case InterruptedIOException _ ->
                Thread.currentThread().isInterrupted()
                        ? "interrupted"
                        : "no answer within " + settings.callTimeout().toSeconds() + " s";
            // Its text quotes what was read so far.
            case EOFException _ -> "the answer broke off";
            default -> e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        };
        return new ClusterException(
                Reason.UNREACHABLE, request.what() + ": cannot reach the API server " + server() + ": " + why);
    }

    /** The lines of a watch. Reading blocks until a line comes, the server ends the watch, or {@link #cancel}. */
    final class Stream {
        private final ApiRequest request;
        private final Call call;

        private Stream(ApiRequest request, Call call) {
            this.request = request;
            this.call = call;
        }

        /** Calls {@code opened}, then hands each line to {@code reader} until the server ends the stream. */
        void readLines(Runnable opened, LineReader reader) {
            try (Response response = succeeded(request, send(request, call))) {
                opened.run();
                BufferedSource source = response.body().source();
                while (!source.exhausted()) {
                    reader.line(source.readUtf8LineStrict(settings.maxBodyBytes()));
                }
            } catch (Exception e) {
                throw broken(request, e);
            }
        }

        /** Makes a read end at once; any thread may call it. */
        void cancel() {
            call.cancel();
        }
    }

    /** Takes one line of a watch. */
    interface LineReader {
        void line(String line) throws IOException;
    }
}
