package dev.orkestra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Kubernetes' functions over lists: {@code isSorted sum min max indexOf lastIndexOf}. */
final class ListFunctions {
    /** In the order of the API server: of an empty list, the first is taken. */
    private static final List<Item> COMPARABLE = List.of(
            new Item("int", SimpleType.INT),
            new Item("uint", SimpleType.UINT),
            new Item("double", SimpleType.DOUBLE),
            new Item("bool", SimpleType.BOOL),
            new Item("duration", SimpleType.DURATION),
            new Item("timestamp", SimpleType.TIMESTAMP),
            new Item("string", SimpleType.STRING),
            new Item("bytes", SimpleType.BYTES));

    private static final Set<String> SUMMABLE = Set.of("int", "uint", "double", "duration");

    private record Item(String name, CelType type) {}

    private ListFunctions() {}

    static void addTo(FunctionSet functions) {
        Map<String, FunctionSet.Form> sorted = new LinkedHashMap<>();
        Map<String, FunctionSet.Form> least = new LinkedHashMap<>();
        Map<String, FunctionSet.Form> greatest = new LinkedHashMap<>();
        Map<String, FunctionSet.Form> summed = new LinkedHashMap<>();
        for (Item item : COMPARABLE) {
            String list = "list_" + item.name();
            sorted.put(item.name(), form(list + "_is_sorted_bool", SimpleType.BOOL, item.type()));
            least.put(item.name(), form(list + "_min_" + item.name(), item.type(), item.type()));
            greatest.put(item.name(), form(list + "_max_" + item.name(), item.type(), item.type()));
            if (SUMMABLE.contains(item.name())) {
                summed.put(item.name(), form(list + "_sum_" + item.name(), item.type(), item.type()));
            }
        }
        functions.memberOfLists("isSorted", sorted, args -> isSorted((List<?>) args[0]));
        functions.memberOfLists("min", least, args -> extreme((List<?>) args[0], "min", -1));
        functions.memberOfLists("max", greatest, args -> extreme((List<?>) args[0], "max", 1));
        functions.memberOfLists("sum", summed, args -> sum((List<?>) args[0]));
        CelType item = TypeParamType.create("A");
        List<CelType> arguments = List.of(ListType.create(item), item);
        functions.member(
                "indexOf",
                new FunctionSet.Form(
                        "list_a_index_of_int", SimpleType.INT, arguments, List.of(List.class, Object.class)),
                args -> (long) ((List<?>) args[0]).indexOf(args[1]));
        functions.member(
                "lastIndexOf",
                new FunctionSet.Form(
                        "list_a_last_index_of_int", SimpleType.INT, arguments, List.of(List.class, Object.class)),
                args -> (long) ((List<?>) args[0]).lastIndexOf(args[1]));
    }

    private static FunctionSet.Form form(String id, CelType result, CelType item) {
        return new FunctionSet.Form(id, result, List.of(ListType.create(item)), List.of(List.class));
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, String name, int sign) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(name + " called on empty list");
        }
        Object best = list.get(0);
        for (Object item : list) {
            best = compare(item, best) * sign > 0 ? item : best;
        }
        return best;
    }

    private static Object sum(List<?> list) {
        Object sum = list.isEmpty() ? 0L : list.get(0);
        for (Object item : list.isEmpty() ? list : list.subList(1, list.size())) {
            sum = plus(sum, item);
        }
        return sum;
    }

    private static Object plus(Object a, Object b) {
        try {
            return switch (a) {
                case Long number when b instanceof Long other -> Math.addExact(number, other);
                case UnsignedLong number when b instanceof UnsignedLong other -> unsigned(number, other);
                case Double number when b instanceof Number other -> number + other.doubleValue();
                case Duration length when b instanceof Duration other -> length.plus(other);
                default -> throw new IllegalArgumentException("no such overload");
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("integer overflow", e);
        }
    }

    private static UnsignedLong unsigned(UnsignedLong a, UnsignedLong b) {
        BigInteger sum = a.bigIntegerValue().add(b.bigIntegerValue());
        if (sum.bitLength() > 64) {
            throw new ArithmeticException("more than 64 bits");
        }
        return UnsignedLong.valueOf(sum);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the classes are the same
    private static int compare(Object a, Object b) {
        if (a instanceof Number one && b instanceof Number other && a.getClass() != b.getClass()) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        if (a instanceof String one && b instanceof String other) {
            return TextFunctions.compare(one, other);
        }
        if (a instanceof Comparable one && a.getClass() == b.getClass()) {
            return one.compareTo(b);
        }
        throw new IllegalArgumentException("no such overload");
    }
}
