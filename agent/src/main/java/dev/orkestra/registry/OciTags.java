package dev.orkestra.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The tags of a repository, page by page. */
public final class OciTags {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PAGE = 1_000;
    private static final int MAX_PAGES = 20;
    private static final int MAX_BYTES = 1 << 20;

    private OciTags() {}

    /**
     * All tags, in the registry's order; of more than 20,000 the first.
     *
     * @throws RegistryTrouble ABSENT when there is no such repository
     */
    public static List<String> list(OciSession session) throws RegistryTrouble, WebTrouble, InterruptedException {
        List<String> tags = new ArrayList<>();
        String last = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            WebClient.Answer answer = session.get(session.reference().tags(PAGE, last), "application/json", MAX_BYTES);
            if (answer.status() != 200) {
                throw session.refused(
                        answer.status(), "the tags of " + session.reference().name());
            }
            List<String> found = read(answer.body());
            tags.addAll(found);
            // The page's address is made here: the registry's own could lead anywhere.
            boolean more = answer.headers().firstValue("Link").isPresent();
            if (!more || found.isEmpty() || found.getLast().equals(last)) {
                break;
            }
            last = found.getLast();
        }
        return tags;
    }

    private static List<String> read(byte[] body) throws RegistryTrouble {
        try {
            JsonNode tree = JSON.readTree(body);
            List<String> tags = new ArrayList<>();
            for (JsonNode tag : tree.path("tags")) {
                if (OciReference.isTag(tag.asText(""))) {
                    tags.add(tag.asText());
                }
            }
            return tags;
        } catch (IOException e) {
            throw new RegistryTrouble(
                    RegistryTrouble.Kind.BROKEN, "its list of tags is no JSON", "see whether this is a registry");
        }
    }
}
