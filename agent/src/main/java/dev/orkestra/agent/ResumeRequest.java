package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What {@code ork resume} leaves on a ConfigRepo: the hold after too many failures and the pin are to end. It is marked
 * as handled when the run that follows is there, or none is needed, so that a crash between repeats it.
 */
final class ResumeRequest {
    static final String REQUESTED = "orkestra.dev/resume-requested";
    private static final String HANDLED = "handledResume";

    private ResumeRequest() {}

    /** The request that nobody has carried out yet; empty: none. */
    static String pending(JsonNode configRepo) {
        String requested = requested(configRepo);
        return requested.equals(configRepo.path("status").path(HANDLED).asText()) ? "" : requested;
    }

    static String requested(JsonNode configRepo) {
        return configRepo.path("metadata").path("annotations").path(REQUESTED).asText();
    }

    /** Marks the request of {@code seen} as carried out. */
    static void handled(ObjectNode status, JsonNode seen) {
        if (!requested(seen).isEmpty()) {
            status.put(HANDLED, requested(seen));
        }
    }
}
