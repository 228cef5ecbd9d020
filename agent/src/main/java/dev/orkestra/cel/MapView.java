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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A JSON mapping; see {@link ListView} for why it is two things at once. */
@SuppressWarnings("Immutable") // the JSON does not change
final class MapView extends CelValue implements Map<String, Object> {
    private final Map<String, JsonNode> members;
    private final Function<String, CelShape> shapes;
    private @Nullable Map<String, Object> read;

    /**
     * A view of {@code members}.
     *
     * @param members by the names that expressions use
     * @param shapes by the same names
     */
    MapView(Map<String, JsonNode> members, Function<String, CelShape> shapes) {
        this.members = members;
        this.shapes = shapes;
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return members.isEmpty();
    }

    @Override
    public CelType celType() {
        return MapType.create(SimpleType.STRING, SimpleType.DYN);
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String && members.containsKey(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String name)) {
            return null;
        }
        JsonNode member = members.get(name);
        return member == null ? null : Values.of(member, shapes.apply(name));
    }

    private Map<String, Object> all() {
        Map<String, Object> known = read;
        if (known == null) {
            Map<String, Object> copy = new LinkedHashMap<>();
            members.forEach((name, member) -> copy.put(name, Values.of(member, shapes.apply(name))));
            known = copy;
            read = copy;
        }
        return known;
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return all().containsValue(value);
    }

    @Override
    public Set<String> keySet() {
        return members.keySet();
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
        return members.keySet().toString();
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
