package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has written fields of a live object, as far as the server tells in {@code metadata.managedFields}. */
public final class FieldOwners {
    private static final Comparator<Owner> NEWEST_FIRST = Comparator.comparing(
                    Owner::at, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .reversed();

    private FieldOwners() {}

    /**
     * Somebody who writes fields.
     *
     * @param manager name of the field manager
     * @param operation {@code Apply} or {@code Update}
     * @param at when it last wrote something here, or null where the server does not say
     */
    public record Owner(
            String manager, String operation, @Nullable Instant at) {}

    /**
     * Who may have changed {@code paths}: who owns one of them, or a field above or below it; the newest one. Where
     * nobody does, because fields were removed, whoever wrote after {@code manager} did.
     *
     * @param manager who lost the fields, and is not looked for
     */
    public static Optional<Owner> changed(ObjectNode live, List<FieldPath> paths, String manager) {
        List<Owner> owners = new ArrayList<>();
        List<Owner> others = new ArrayList<>();
        Instant ours = Instant.MIN;
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            Owner owner = owner(entry);
            if (owner.manager().equals(manager)) {
                Instant at = owner.at();
                ours = at == null || at.isBefore(ours) ? ours : at;
                continue;
            }
            others.add(owner);
            if (paths.stream().anyMatch(path -> covers(entry.path("fieldsV1"), path))) {
                owners.add(owner);
            }
        }
        Instant since = ours;
        return owners.stream()
                .min(NEWEST_FIRST)
                .or(() -> others.stream()
                        .filter(owner -> owner.at() != null && !owner.at().isBefore(since))
                        .min(NEWEST_FIRST));
    }

    private static Owner owner(JsonNode entry) {
        String subresource = entry.path("subresource").asText("");
        return new Owner(
                entry.path("manager").asText(),
                entry.path("operation").asText() + (subresource.isEmpty() ? "" : " of " + subresource),
                time(entry.path("time").asText("")));
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static boolean covers(JsonNode fields, FieldPath path) {
        JsonNode here = fields;
        for (FieldPath.Step step : path.steps()) {
            JsonNode below = below(here, step);
            if (below == null) {
                // A field without members is owned as a whole, and what it holds with it.
                return here != fields
                        && here.properties().stream()
                                .allMatch(each -> each.getKey().equals("."));
            }
            here = below;
        }
        return true;
    }

    private static @Nullable JsonNode below(JsonNode fields, FieldPath.Step step) {
        for (Map.Entry<String, JsonNode> member : fields.properties()) {
            if (!member.getKey().equals(".") && FieldPath.step(member.getKey()).equals(step)) {
                return member.getValue();
            }
        }
        return null;
    }
}
