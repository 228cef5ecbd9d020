package dev.orkestra.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Kubernetes' functions over quantities. */
final class QuantityFunctions {
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType INT = SimpleType.INT;

    private QuantityFunctions() {}

    static void addTo(FunctionSet functions) {
        functions.global("quantity", form("string_to_quantity", QUANTITY, SimpleType.STRING), args -> parsed(args[0]));
        functions.global(
                "isQuantity",
                form("is_quantity_string", SimpleType.BOOL, SimpleType.STRING),
                args -> Quantity.parse((String) args[0]).isPresent());
        functions.member("sign", form("quantity_sign", INT, QUANTITY), args ->
                (long) ((Quantity) args[0]).amount().signum());
        functions.member(
                "isInteger",
                form("quantity_is_integer", SimpleType.BOOL, QUANTITY),
                args -> ((Quantity) args[0]).isWhole());
        functions.member("asInteger", form("quantity_get_int", INT, QUANTITY), args -> {
            if (!((Quantity) args[0]).isWhole()) {
                throw new IllegalArgumentException("cannot convert value to integer");
            }
            return ((Quantity) args[0]).amount().longValue();
        });
        functions.member(
                "asApproximateFloat",
                form("quantity_get_float", SimpleType.DOUBLE, QUANTITY),
                args -> ((Quantity) args[0]).amount().doubleValue());
        pair(functions, "isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) > 0);
        pair(functions, "isLessThan", "quantity_is_less_than", SimpleType.BOOL, (a, b) -> a.compareTo(b) < 0);
        pair(functions, "compareTo", "quantity_compare_to", INT, (a, b) -> (long) Integer.signum(a.compareTo(b)));
        pair(functions, "add", "quantity_add", QUANTITY, Quantity::plus);
        pair(functions, "sub", "quantity_sub", QUANTITY, Quantity::minus);
        functions.member(
                "add",
                form("quantity_add_int", QUANTITY, QUANTITY, INT),
                args -> ((Quantity) args[0]).plus(whole(args[1])));
        functions.member(
                "sub",
                form("quantity_sub_int", QUANTITY, QUANTITY, INT),
                args -> ((Quantity) args[0]).minus(whole(args[1])));
    }

    private static void pair(
            FunctionSet functions,
            String name,
            String id,
            CelType result,
            BiFunction<Quantity, Quantity, Object> body) {
        functions.member(
                name, form(id, result, QUANTITY, QUANTITY), args -> body.apply((Quantity) args[0], (Quantity) args[1]));
    }

    private static Quantity parsed(Object text) {
        return Quantity.parse((String) text).orElseThrow(() -> new IllegalArgumentException("the text is no quantity"));
    }

    private static Quantity whole(Object number) {
        return new Quantity(BigDecimal.valueOf((Long) number));
    }

    private static FunctionSet.Form form(String id, CelType result, CelType... arguments) {
        List<Class<?>> classes = Arrays.stream(arguments)
                .<Class<?>>map(
                        type -> type.equals(QUANTITY) ? Quantity.class : type.equals(INT) ? Long.class : String.class)
                .toList();
        return new FunctionSet.Form(id, result, List.of(arguments), classes);
    }
}
