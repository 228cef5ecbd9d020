package dev.orkestra.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body up to a limit and hangs up there. Bodies that nobody wants (of a redirect, of a refusal) are not read at
 * all, so that one without end costs nothing.
 */
public final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    /** The body has more bytes than are wanted. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int most;
    private final boolean wanted;
    private Flow.@Nullable Subscription subscription;

    private BoundedBody(int most, boolean wanted) {
        this.most = most;
        this.wanted = wanted;
    }

    /** The whole body of an answer 200, at most {@code most} bytes; nothing of any other. */
    public static HttpResponse.BodyHandler<byte[]> ofSuccess(int most) {
        return answer -> new BoundedBody(most, answer.statusCode() == 200);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (wanted) {
            given.request(Long.MAX_VALUE);
        } else {
            given.cancel();
            body.complete(new byte[0]);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > most - bytes.size()) {
                if (subscription != null) {
                    subscription.cancel();
                }
                body.completeExceptionally(new TooLarge());
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
        }
    }

    @Override
    public void onError(Throwable trouble) {
        body.completeExceptionally(trouble);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
