package dev.orkestra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.orkestra.document.GoDuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code "… %s …".format([…])}: the clauses {@code %s %d %f %e %b %o %x %X} and {@code %%}. */
final class TextFormat {
    /** The API server's own limit is larger; nobody reads so many digits. */
    private static final int MOST_DIGITS = 1_000;

    private final String format;
    private final List<?> values;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int next;

    private TextFormat(String format, List<?> values) {
        this.format = format;
        this.values = values;
    }

    static String of(String format, List<?> values) {
        return new TextFormat(format, values).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                text.append(c);
            } else if (at < format.length() && format.charAt(at) == '%') {
                text.append('%');
                at++;
            } else {
                clause();
            }
        }
        return text.toString();
    }

    private void clause() {
        int digits = digits();
        if (at >= format.length()) {
            throw new IllegalArgumentException("the format ends in the middle of a clause");
        }
        char clause = format.charAt(at++);
        if (next >= values.size()) {
            throw new IllegalArgumentException("index " + next + " out of range");
        }
        Object value = values.get(next++);
        text.append(
                switch (clause) {
                    case 's' -> shown(value);
                    case 'd' -> decimal(value);
                    case 'f' -> fixed(value, digits < 0 ? 6 : digits);
                    case 'e' -> scientific(value, digits < 0 ? 6 : digits);
                    case 'b' -> value instanceof Boolean flag ? (flag ? "1" : "0") : radix(value, 2);
                    case 'o' -> radix(value, 8);
                    case 'x' -> hexadecimal(value);
                    case 'X' -> hexadecimal(value).toUpperCase(Locale.ROOT);
                    default -> throw new IllegalArgumentException("unrecognized formatting clause \"" + clause + "\"");
                });
    }

    /** The number after a point; below 0 when there is none. */
    private int digits() {
        if (at >= format.length() || format.charAt(at) != '.') {
            return -1;
        }
        int start = ++at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        if (at == start || at - start > 4 || Integer.parseInt(format.substring(start, at)) > MOST_DIGITS) {
            throw new IllegalArgumentException("a precision must be a number up to " + MOST_DIGITS);
        }
        return Integer.parseInt(format.substring(start, at));
    }

    static String shown(Object value) {
        return switch (value) {
            case String string -> string;
            case NullValue _ -> "null";
            case Double number -> number(number);
            case Duration length -> seconds(length);
            case CelByteString bytes -> bytes.toStringUtf8();
            case List<?> list -> list.stream().map(TextFormat::shown).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map -> {
                Map<String, String> sorted = new TreeMap<>();
                map.forEach((key, item) -> sorted.put(shown(key), shown(item)));
                yield sorted.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{", "}"));
            }
            default -> value.toString();
        };
    }

    private static String seconds(Duration length) {
        BigDecimal seconds = BigDecimal.valueOf(length.getSeconds()).add(BigDecimal.valueOf(length.getNano(), 9));
        return GoDuration.text(length).equals("0s")
                ? "0s"
                : seconds.stripTrailingZeros().toPlainString() + "s";
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number).replace("Infinity", number > 0 ? "+Inf" : "Inf");
    }

    private static String decimal(Object value) {
        return switch (value) {
            case Long number -> number.toString();
            case UnsignedLong number -> number.toString();
            case Double number when number.isNaN() || number.isInfinite() -> number(number);
            default -> throw new IllegalArgumentException("decimal clause can only be used on integers");
        };
    }

    private static String fixed(Object value, int digits) {
        double number = asDouble(value);
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(digits, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : number(number);
    }

    private static String scientific(Object value, int digits) {
        double number = asDouble(value);
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%." + digits + "e", number) : number(number);
    }

    private static double asDouble(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("fixed-point and scientific clauses can only be used on numbers");
    }

    private static String radix(Object value, int radix) {
        return switch (value) {
            case Long number -> Long.toString(number, radix);
            case UnsignedLong number -> number.toString(radix);
            default -> throw new IllegalArgumentException("only integers can be formatted in base " + radix);
        };
    }

    private static String hexadecimal(Object value) {
        return switch (value) {
            case String string ->
                java.util.HexFormat.of().formatHex(string.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case CelByteString bytes -> java.util.HexFormat.of().formatHex(bytes.toByteArray());
            default -> radix(value, 16);
        };
    }
}
