package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which looks a webhook has asked for. Nothing of it is kept: whoever starts to lead looks at every repository anyway.
 * Thread-safe.
 */
final class FetchRequests {
    private final Map<RepoKey, String> answered = new ConcurrentHashMap<>();

    static String of(ObjectNode configRepo) {
        return configRepo
                .path("metadata")
                .path("annotations")
                .path(WebhookEndpoint.FETCH_REQUESTED)
                .asText();
    }

    /** The repository has been fetched for {@code look}; whether a webhook had asked for that since the last time. */
    boolean answer(Look look) {
        String asked = of(look.object());
        String before = answered.put(look.key(), asked);
        return before != null && !before.equals(asked);
    }

    /** The ConfigRepo is gone. */
    void forget(RepoKey key) {
        answered.remove(key);
    }
}
