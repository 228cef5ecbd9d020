package dev.orkestra.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The library's types for shapes. Each object is a type of its own, as for the API server. */
@SuppressWarnings("Immutable") // filled before the compiler is built
final class Shapes implements CelTypeProvider {
    private final Map<String, CelType> types = new LinkedHashMap<>();

    /** The same shape is the same type, so that two variables of it can be compared. */
    private final IdentityHashMap<CelShape, CelType> known = new IdentityHashMap<>();

    /** Names of what holds a list whose order does not count: variables, and fields after their type and a blank. */
    private final Set<String> unordered = new HashSet<>();

    /** The type of a variable. */
    CelType variable(String name, CelShape shape) {
        if (holdsUnordered(shape)) {
            unordered.add(name);
        }
        return type(shape, name + "__type");
    }

    boolean isUnordered(String variable) {
        return unordered.contains(variable);
    }

    boolean isUnordered(String type, String field) {
        return unordered.contains(type + " " + field);
    }

    private static boolean holdsUnordered(CelShape shape) {
        return switch (shape) {
            case CelShape.Scalar _ -> false;
            case CelShape.ListOf(CelShape item, boolean ordered) -> !ordered || holdsUnordered(item);
            case CelShape.MapOf(CelShape value) -> holdsUnordered(value);
            case CelShape.OptionalOf(CelShape value) -> holdsUnordered(value);
            case CelShape.ObjectOf(Map<String, CelShape> fields) ->
                fields.values().stream().anyMatch(Shapes::holdsUnordered);
        };
    }

    /** The type of {@code shape}; {@code name} becomes part of the names of its objects. */
    private CelType type(CelShape shape, String name) {
        return switch (shape) {
            case CelShape.Scalar scalar -> scalar(scalar);
            case CelShape.ListOf(CelShape item, boolean _) -> ListType.create(type(item, name + ".@items"));
            case CelShape.MapOf(CelShape value) -> MapType.create(SimpleType.STRING, type(value, name + ".@values"));
            case CelShape.OptionalOf(CelShape value) -> OptionalType.create(type(value, name));
            case CelShape.ObjectOf object -> {
                CelType before = known.get(object);
                yield before != null ? before : object(object, name);
            }
        };
    }

    private CelType object(CelShape.ObjectOf shape, String name) {
        ImmutableMap.Builder<String, CelType> members = ImmutableMap.builder();
        shape.fields().forEach((field, member) -> {
            if (FieldNames.isReachable(field)) {
                String escaped = FieldNames.escaped(field);
                if (holdsUnordered(member)) {
                    unordered.add(name + " " + escaped);
                }
                members.put(escaped, type(member, name + "." + escaped));
            }
        });
        ImmutableMap<String, CelType> fields = members.buildKeepingLast();
        CelType type = StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
        types.put(name, type);
        known.put(shape, type);
        return type;
    }

    private static CelType scalar(CelShape.Scalar scalar) {
        return switch (scalar) {
            case ANY -> SimpleType.DYN;
            case BOOL -> SimpleType.BOOL;
            case INT -> SimpleType.INT;
            case DOUBLE -> SimpleType.DOUBLE;
            case STRING -> SimpleType.STRING;
            case BYTES -> SimpleType.BYTES;
            case TIMESTAMP -> SimpleType.TIMESTAMP;
            case DURATION -> SimpleType.DURATION;
        };
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(types.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(types.get(name));
    }
}
