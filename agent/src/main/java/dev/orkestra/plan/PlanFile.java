package dev.orkestra.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a saved plan ({@link PlanJson#full}, as {@code ork plan --out} writes it) says of itself: enough to approve it.
 *
 * @param namespace of the ConfigRepo
 * @param name of the ConfigRepo
 * @param commit what it was made for; {@code working tree} for a folder
 * @param hash {@code sha256:…}
 * @param refused how many objects would be refused; such a plan never begins
 * @param prune how many objects it deletes, with approval or without
 * @param pruneKnown false when whoever made it may not read the inventory: the agent's own plan has another hash
 */
public record PlanFile(
        String namespace, String name, String commit, String hash, int refused, int prune, boolean pruneKnown) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

    /** What came of reading a file. */
    public sealed interface Result {
        record Read(PlanFile file) implements Result {}

        /** @param reason why it is no plan, for people */
        record Damaged(String reason) implements Result {}
    }

    /** Reads what {@code ork plan --out} saved. */
    public static Result read(String text) {
        JsonNode json;
        try {
            json = Optional.ofNullable(JSON.readTree(text)).orElseThrow(() -> new IllegalArgumentException("empty"));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Result.Damaged("it is not JSON");
        }
        if (json.path("schemaVersion").asInt() != PlanJson.SCHEMA_VERSION) {
            return new Result.Damaged("it is not a plan of schemaVersion " + PlanJson.SCHEMA_VERSION);
        }
        String hash = json.path("hash").asText();
        if (!HASH.matcher(hash).matches()) {
            return new Result.Damaged("it has no hash; plans made with --offline cannot be applied");
        }
        JsonNode repo = json.path("configRepo");
        JsonNode summary = json.path("summary");
        return new Result.Read(new PlanFile(
                repo.path("namespace").asText(),
                repo.path("name").asText(),
                json.path("commit").asText(),
                hash,
                summary.path("refused").asInt(),
                summary.path("prune").asInt()
                        + summary.path("pruneAfterApproval").asInt(),
                !json.path("prune").path("budget").asText().equals("unknown")));
    }
}
