package dev.orkestra.crd;

import dev.orkestra.document.GoDuration;
import dev.orkestra.schema.LinearPattern;
import dev.orkestra.schema.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The formats of texts that the API server checks. The form of an email address is looser here than in Go, which
 * follows RFC 5322 to its last comment; nothing is refused that the API server takes, as far as is known.
 */
final class Formats {
    private static final int LONGEST = 10_000;
    private static final String HEX = "[0-9a-fA-F]";

    private static final Map<String, Predicate<String>> FORMATS = Map.ofEntries(
            pattern("bsonobjectid", HEX + "{24}"),
            Map.entry("uri", Formats::isUri),
            pattern("email", "(?s).*[^@\\s]@[^@\\s]+.*"),
            Map.entry("hostname", Formats::isHostName),
            Map.entry("ipv4", Formats::isV4),
            Map.entry("ipv6", text -> text.indexOf(':') >= 0 && isAddress(text)),
            Map.entry("cidr", Formats::isCidr),
            Map.entry("mac", Formats::isMac),
            uuid("uuid", "[0-9a-f]{4}-?[0-9a-f]{4}"),
            uuid("uuid3", "3[0-9a-f]{3}-?[0-9a-f]{4}"),
            uuid("uuid4", "4[0-9a-f]{3}-?[89ab][0-9a-f]{3}"),
            uuid("uuid5", "5[0-9a-f]{3}-?[89ab][0-9a-f]{3}"),
            Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
            Map.entry("isbn10", Formats::isIsbn10),
            Map.entry("isbn13", Formats::isIsbn13),
            pattern("ssn", "\\d{3}[- ]?\\d{2}[- ]?\\d{4}"),
            pattern("hexcolor", "#?(" + HEX + "{3}|" + HEX + "{6})"),
            pattern(
                    "byte",
                    "(?:[A-Za-z0-9+\\\\/]{4})*(?:[A-Za-z0-9+\\\\/]{2}==|[A-Za-z0-9+\\\\/]{3}=|[A-Za-z0-9+\\\\/]{4})"),
            Map.entry("date", Formats::isDate),
            Map.entry("duration", Formats::isDuration),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("k8sshortname", text -> text.length() <= 63 && Names.isLabel(text)),
            Map.entry("k8slongname", Names::isSubdomain));

    private static final LinearPattern HOST =
            compiled("^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}]"
                    + "(([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");
    private static final LinearPattern TIME =
            compiled("^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
    private static final LinearPattern LONG_DURATION =
            compiled("(?i)[0-9]\\s*(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|wk|week)");

    private Formats() {}

    private static LinearPattern compiled(String pattern) {
        return LinearPattern.of(pattern).orElseThrow();
    }

    private static Map.Entry<String, Predicate<String>> pattern(String name, String pattern) {
        LinearPattern whole = compiled("^(?:" + pattern + ")$");
        return Map.entry(name, whole::isFoundIn);
    }

    private static Map.Entry<String, Predicate<String>> uuid(String name, String middle) {
        return pattern(name, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?" + middle + "-?[0-9a-f]{12}");
    }

    /** Whether {@code text} has the format; a format that the API server does not check, every text has. */
    static boolean fits(String format, String text) {
        Predicate<String> test = FORMATS.get(format.replace("-", ""));
        return test == null || text.length() <= LONGEST && test.test(text);
    }

    /** The format for people. */
    static String described(String format) {
        return switch (format.replace("-", "")) {
            case "byte" -> "text in base 64";
            case "cidr" -> "a network such as 10.0.0.0/8";
            case "mac" -> "a MAC address";
            case "duration" -> "a duration such as 30s or 5m";
            case "datetime" -> Words.format("date-time");
            case "k8sshortname" -> "a name of a-z, 0-9 and '-'";
            case "k8slongname" -> "a name of a-z, 0-9, '-' and '.'";
            default -> Words.format(format);
        };
    }

    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            // Go reads some that Java refuses; what has a scheme and no blanks is let through.
            return text.indexOf(':') > 0 && text.chars().noneMatch(c -> c <= ' ' || c == '%') || text.startsWith("/");
        }
    }

    private static boolean isHostName(String text) {
        if (text.length() > 255 || !HOST.isFoundIn(text)) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (label.length() > 63) {
                return false;
            }
        }
        return true;
    }

    /** Zeros before a number are taken, as in older Go. */
    private static boolean isV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (text.indexOf(':') >= 0) {
            return text.indexOf('.') >= 0 && isAddress(text);
        }
        for (String part : parts) {
            String digits = part.replaceFirst("^0+(?=.)", "");
            boolean isByte = !digits.isEmpty()
                    && digits.length() <= 3
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                    && Integer.parseInt(digits) < 256;
            if (!isByte) {
                return false;
            }
        }
        return parts.length == 4;
    }

    private static boolean isAddress(String text) {
        if (text.indexOf(':') < 0) {
            return isV4(text);
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == 8;
        }
        int head = groups(text.substring(0, gap));
        int tail = groups(text.substring(gap + 2));
        return head >= 0 && tail >= 0 && head + tail <= 7;
    }

    /** Groups of 16 bits between colons, an IPv4 address at the end being two; below 0 when one is wrong. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean isHex = !parts[i].isEmpty()
                    && parts[i].length() <= 4
                    && parts[i].chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
            if (isHex) {
                count++;
            } else if (i == parts.length - 1 && parts[i].indexOf('.') >= 0 && isV4(parts[i])) {
                count += 2;
            } else {
                return -1;
            }
        }
        return count;
    }

    private static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        boolean isNumber = slash > 0
                && !bits.isEmpty()
                && bits.length() <= 3
                && bits.chars().allMatch(c -> c >= '0' && c <= '9');
        String address = slash > 0 ? text.substring(0, slash) : "";
        return isNumber && isAddress(address) && Integer.parseInt(bits) <= (address.indexOf(':') < 0 ? 32 : 128);
    }

    private static boolean isMac(String text) {
        char separator = text.length() > 4 && text.charAt(4) == '.' ? '.' : text.length() > 2 ? text.charAt(2) : ' ';
        if (separator != ':' && separator != '-' && separator != '.') {
            return false;
        }
        int digits = separator == '.' ? 4 : 2;
        int groups = 0;
        for (String group : text.split(separator == '.' ? "\\." : "" + separator, -1)) {
            if (group.length() != digits || !group.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
                return false;
            }
            groups++;
        }
        return Set.of(6, 8, 20).contains(groups * digits / 2);
    }

    private static String digits(String isbn) {
        return isbn.replace("-", "").replace(" ", "");
    }

    private static boolean isIsbn10(String text) {
        String isbn = digits(text);
        int sum = 0;
        for (int i = 0; i < isbn.length() && isbn.length() == 10; i++) {
            char c = isbn.charAt(i);
            boolean isX = i == 9 && c == 'X';
            if (!isX && (c < '0' || c > '9')) {
                return false;
            }
            sum += (i + 1) * (isX ? 10 : c - '0');
        }
        return isbn.length() == 10 && sum % 11 == 0;
    }

    private static boolean isIsbn13(String text) {
        String isbn = digits(text);
        int sum = 0;
        for (int i = 0; i < isbn.length() && isbn.length() == 13; i++) {
            char c = isbn.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            sum += (c - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return isbn.length() == 13 && sum % 10 == 0;
    }

    private static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        String[] parts = text.toLowerCase(java.util.Locale.ROOT).split("t", -1);
        return parts.length >= 2 && isDate(parts[0]) && TIME.isFoundIn(parts[1]);
    }

    private static boolean isDuration(String text) {
        return GoDuration.parse(text).isPresent() || LONG_DURATION.isFoundIn(text);
    }
}
