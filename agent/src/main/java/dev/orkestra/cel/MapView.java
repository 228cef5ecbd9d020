package dev.orkestra.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON mapping; see {@link ListView} for why it is two things at once. */
@SuppressWarnings("Immutable") // the JSON does not change
final class MapView extends CelValue implements Map<String, Object> {
    private final JsonNode json;
    private final @Nullable Map<String, CelShape> fields;
    private final CelShape other;
    private @Nullable Map<String, Object> read;

    /**
     * A view of an object.
     *
     * @param fields those that can be seen, by the names in {@code json}; null when all can
     * @param other the shape of what {@code fields} does not name
     */
    MapView(JsonNode json, @Nullable Map<String, CelShape> fields, CelShape other) {
        this.json = json;
        this.fields = fields;
        this.other = other;
    }

    /** The member that expressions call {@code name}; null when there is none. */
    private @Nullable JsonNode member(String name) {
        String written = written(name);
        return isVisible(written) ? json.get(written) : null;
    }

    /** The name in the JSON. Only names of fields are escaped, and few of them need it. */
    private String written(String name) {
        if (fields == null || !name.contains("__")) {
            return name;
        }
        return fields.keySet().stream()
                .filter(field -> FieldNames.escaped(field).equals(name))
                .findFirst()
                .orElse(name);
    }

    private boolean isVisible(String written) {
        return fields == null || fields.containsKey(written);
    }

    private CelShape shape(String written) {
        return fields == null ? other : fields.getOrDefault(written, other);
    }

    private Map<String, Object> all() {
        Map<String, Object> known = read;
        if (known == null) {
            Map<String, Object> copy = new LinkedHashMap<>();
            json.properties().forEach(member -> {
                String written = member.getKey();
                if (isVisible(written)) {
                    String name = fields == null ? written : FieldNames.escaped(written);
                    copy.put(name, Values.of(member.getValue(), shape(written)));
                }
            });
            known = copy;
            read = copy;
        }
        return known;
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return size() == 0;
    }

    @Override
    public CelType celType() {
        return MapType.create(SimpleType.STRING, SimpleType.DYN);
    }

    @Override
    public int size() {
        return fields == null ? json.size() : all().size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && member(name) != null;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String name)) {
            return null;
        }
        JsonNode member = member(name);
        return member == null ? null : Values.of(member, shape(written(name)));
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return all().containsValue(value);
    }

    @Override
    public Set<String> keySet() {
        return all().keySet();
    }

    @Override
    public Collection<Object> values() {
        return all().values();
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return all().entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return all().equals(other);
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }

    @Override
    public String toString() {
        return all().keySet().toString();
    }

    @Override
    public @Nullable Object put(String key, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(Map<? extends String, ?> others) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }
}
