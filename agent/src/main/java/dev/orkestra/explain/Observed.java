package dev.orkestra.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.run.RunState;
import java.time.Instant;
import java.util.Optional;

/**
 * What was read of one ConfigRepo.
 *
 * @param configRepo the ConfigRepo, status included
 * @param run the newest run that an agent has begun
 * @param leader the lease of the agents, as far as it may be read
 * @param now the time
 */
public record Observed(ObjectNode configRepo, Optional<RunState> run, Optional<Leader> leader, Instant now) {
    /**
     * The lease of the agents.
     *
     * @param holder who holds it; empty: nobody
     * @param until when it ends, unless it is renewed
     */
    public record Leader(String holder, Instant until) {}

    String name() {
        return configRepo.at("/metadata/name").asText();
    }

    String namespace() {
        return configRepo.at("/metadata/namespace").asText();
    }

    /** The condition of {@code type}; missing when there is none. */
    JsonNode condition(String type) {
        for (JsonNode condition : configRepo.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }
}
