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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The library's types for shapes. Each object is a type of its own, as for the API server. */
@SuppressWarnings("Immutable") // filled before the compiler is built
final class Shapes implements CelTypeProvider {
    private final Map<String, CelType> types = new LinkedHashMap<>();
    private boolean hasUnorderedLists;

    /** The type of {@code shape}; {@code name} becomes part of the names of its objects. */
    CelType type(CelShape shape, String name) {
        return switch (shape) {
            case CelShape.Scalar scalar -> scalar(scalar);
            case CelShape.ListOf(CelShape item, boolean ordered) -> {
                hasUnorderedLists |= !ordered;
                yield ListType.create(type(item, name + ".@items"));
            }
            case CelShape.MapOf(CelShape value) -> MapType.create(SimpleType.STRING, type(value, name + ".@values"));
            case CelShape.OptionalOf(CelShape value) -> OptionalType.create(type(value, name));
            case CelShape.ObjectOf(Map<String, CelShape> fields) -> object(fields, name);
        };
    }

    /** Whether any list compares in Kubernetes' own way. */
    boolean hasUnorderedLists() {
        return hasUnorderedLists;
    }

    private CelType object(Map<String, CelShape> fields, String name) {
        ImmutableMap.Builder<String, CelType> members = ImmutableMap.builder();
        fields.forEach((field, shape) -> {
            if (FieldNames.isReachable(field)) {
                String escaped = FieldNames.escaped(field);
                members.put(escaped, type(shape, name + "." + escaped));
            }
        });
        ImmutableMap<String, CelType> known = members.buildKeepingLast();
        CelType type = StructType.create(
                name, ImmutableSet.copyOf(known.keySet()), field -> Optional.ofNullable(known.get(field)));
        types.put(name, type);
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
