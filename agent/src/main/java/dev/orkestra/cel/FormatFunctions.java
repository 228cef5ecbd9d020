package dev.orkestra.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.orkestra.schema.LinearPattern;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Kubernetes' functions over URLs, and its named formats. */
final class FormatFunctions {
    private static final CelType URL = OpaqueType.create("kubernetes.URL");
    private static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String VALUE = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";

    /** A form that texts may have. */
    private record Named(String name, Predicate<String> test) {}

    private static final Map<String, Named> FORMATS = Map.ofEntries(
            named("dns1123Label", 63, LABEL),
            named("dns1123Subdomain", 253, LABEL + "(\\." + LABEL + ")*"),
            named("dns1035Label", 63, LABEL_1035),
            named("labelValue", 63, "(" + VALUE + ")?"),
            named("uuid", 36, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"),
            prefix("dns1123LabelPrefix", 63, LABEL),
            prefix("dns1123SubdomainPrefix", 253, LABEL + "(\\." + LABEL + ")*"),
            prefix("dns1035LabelPrefix", 63, LABEL_1035),
            Map.entry("byte", new Named("byte", FormatFunctions::isBase64)),
            Map.entry("date", new Named("date", FormatFunctions::isDate)),
            Map.entry("uri", new Named("uri", text -> Url.parse(text).isPresent())),
            Map.entry("qualifiedName", new Named("qualifiedName", FormatFunctions::isQualifiedName)));

    private FormatFunctions() {}

    static void addTo(FunctionSet functions) {
        functions.global(
                "url",
                form("string_to_url", URL, TEXT, String.class),
                args -> Url.parse((String) args[0])
                        .orElseThrow(() -> new IllegalArgumentException("the text is no URL")));
        functions.global(
                "isURL",
                form("is_url_string", BOOL, TEXT, String.class),
                args -> Url.parse((String) args[0]).isPresent());
        part(functions, "getScheme", "url_get_scheme", Url::scheme);
        part(functions, "getHost", "url_get_host", Url::host);
        part(functions, "getHostname", "url_get_hostname", Url::hostName);
        part(functions, "getPort", "url_get_port", Url::port);
        part(functions, "getEscapedPath", "url_get_escaped_path", Url::path);
        functions.member(
                "getQuery",
                form("url_get_query", MapType.create(TEXT, ListType.create(TEXT)), URL, Url.class),
                args -> ((Url) args[0]).query());
        FORMATS.forEach((name, format) -> functions.global(
                "format." + name,
                new FunctionSet.Form("format." + name + "_", FORMAT, List.of(), List.of()),
                _ -> format));
        functions.member(
                "validate",
                new FunctionSet.Form(
                        "format-validate",
                        OptionalType.create(ListType.create(TEXT)),
                        List.of(FORMAT, TEXT),
                        List.of(Named.class, String.class)),
                args -> ((Named) args[0]).test().test((String) args[1])
                        ? Optional.empty()
                        : Optional.of(List.of("does not have the form " + ((Named) args[0]).name())));
    }

    private static void part(FunctionSet functions, String name, String id, Function<Url, Object> part) {
        functions.member(name, form(id, TEXT, URL, Url.class), args -> part.apply((Url) args[0]));
    }

    private static Map.Entry<String, Named> named(String name, int longest, String pattern) {
        LinearPattern compiled = LinearPattern.of("^(?:" + pattern + ")$").orElseThrow();
        return Map.entry(name, new Named(name, text -> text.length() <= longest && compiled.isFoundIn(text)));
    }

    /** What a name that the server completes may begin with: it may end in a dash. */
    private static Map.Entry<String, Named> prefix(String name, int longest, String pattern) {
        Named whole = named(name, longest, pattern).getValue();
        return Map.entry(
                name,
                new Named(
                        name,
                        text -> whole.test()
                                .test(text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text)));
    }

    private static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        boolean hasPrefix = slash < 0 || subdomain(text.substring(0, slash));
        String name = text.substring(slash + 1);
        return hasPrefix && !name.isEmpty() && tested("labelValue", name);
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean subdomain(String text) {
        return tested("dns1123Subdomain", text);
    }

    private static boolean tested(String format, String text) {
        Named named = FORMATS.get(format);
        return named != null && named.test().test(text);
    }

    private static FunctionSet.Form form(String id, CelType result, CelType argument, Class<?> type) {
        return new FunctionSet.Form(id, result, List.of(argument), List.<Class<?>>of(type));
    }
}
