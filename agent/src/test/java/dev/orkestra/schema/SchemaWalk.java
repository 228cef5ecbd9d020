package dev.orkestra.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the schema of a field by a path such as {@code spec.crds.*.crFiles[]}: {@code []} is an item of a list, {@code *}
 * any key of a mapping. Follows references and looks into alternatives.
 */
final class SchemaWalk {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ALTERNATIVES = List.of("anyOf", "oneOf", "allOf");

    /** A schema object and the file that its references start from. */
    record Place(String file, JsonNode schema) {}

    private final Map<String, JsonNode> files = new HashMap<>();

    /** All schema objects that speak of the field: what refers to one, and what is referred to. None: no such field. */
    List<Place> at(String file, String path) {
        List<Place> places = expand(new Place(file, file(file)));
        for (String step : path.split("\\.")) {
            String name = step.replace("[]", "");
            List<Place> next = new ArrayList<>();
            for (Place place : places) {
                JsonNode child = name.equals("*")
                        ? place.schema().path("additionalProperties")
                        : place.schema().path("properties").path(name);
                if (child.isObject()) {
                    next.addAll(expand(new Place(place.file(), child)));
                }
            }
            for (int i = name.length(); i < step.length(); i += 2) {
                next = next.stream()
                        .filter(place -> place.schema().path("items").isObject())
                        .flatMap(place ->
                                expand(new Place(place.file(), place.schema().path("items"))).stream())
                        .toList();
            }
            places = next;
        }
        return places;
    }

    private List<Place> expand(Place place) {
        List<Place> all = new ArrayList<>();
        all.add(place);
        String reference = place.schema().path("$ref").asText("");
        if (!reference.isEmpty()) {
            all.addAll(expand(follow(place.file(), reference)));
        }
        for (String word : ALTERNATIVES) {
            place.schema().path(word).forEach(branch -> all.addAll(expand(new Place(place.file(), branch))));
        }
        return all;
    }

    Place follow(String file, String reference) {
        int hash = reference.indexOf('#');
        String name = hash == 0
                ? file
                : java.net
                        .URI
                        .create(file)
                        .resolve(reference.substring(0, hash))
                        .toString();
        return new Place(name, file(name).at(reference.substring(hash + 1)));
    }

    JsonNode file(String name) {
        return files.computeIfAbsent(name, file -> {
            try (InputStream stream = Schemas.class.getResourceAsStream("/schemas/" + file)) {
                return JSON.readTree(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
