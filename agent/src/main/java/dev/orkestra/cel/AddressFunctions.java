package dev.orkestra.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Kubernetes' functions over IP addresses and networks. */
final class AddressFunctions {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;

    private AddressFunctions() {}

    static void addTo(FunctionSet functions) {
        functions.global("ip", form("string_to_ip", IP, TEXT), args -> ip(args[0]));
        functions.global(
                "isIP",
                form("is_ip", BOOL, TEXT),
                args -> Address.address((String) args[0]).isPresent());
        functions.global(
                "ip.isCanonical",
                form("ip_is_canonical", BOOL, TEXT),
                args -> ip(args[0]).toString().equals(args[0]));
        functions.global("string", form("ip_to_string", TEXT, IP), args -> args[0].toString());
        functions.member("family", form("ip_family", SimpleType.INT, IP), args -> ((Address) args[0]).isV4() ? 4L : 6L);
        is(functions, "isUnspecified", "ip_is_unspecified", Address::isUnspecified);
        is(functions, "isLoopback", "ip_is_loopback", Address::isLoopback);
        is(functions, "isLinkLocalMulticast", "ip_is_link_local_multicast", Address::isLinkLocalMulticast);
        is(functions, "isLinkLocalUnicast", "ip_is_link_local_unicast", Address::isLinkLocalUnicast);
        is(functions, "isGlobalUnicast", "ip_is_global_unicast", Address::isGlobalUnicast);
        networks(functions);
    }

    private static void networks(FunctionSet functions) {
        functions.global("cidr", form("string_to_cidr", CIDR, TEXT), args -> cidr(args[0]));
        functions.global(
                "isCIDR",
                form("is_cidr", BOOL, TEXT),
                args -> Address.network((String) args[0]).isPresent());
        functions.global("string", form("cidr_to_string", TEXT, CIDR), args -> args[0].toString());
        functions.member(
                "containsIP",
                form("cidr_contains_ip_string", BOOL, CIDR, TEXT),
                args -> ((Address) args[0]).contains(ip(args[1])));
        functions.member(
                "containsIP",
                form("cidr_contains_ip_ip", BOOL, CIDR, IP),
                args -> ((Address) args[0]).contains((Address) args[1]));
        functions.member(
                "containsCIDR",
                form("cidr_contains_cidr_string", BOOL, CIDR, TEXT),
                args -> ((Address) args[0]).contains(cidr(args[1])));
        functions.member(
                "containsCIDR",
                form("cidr_contains_cidr", BOOL, CIDR, CIDR),
                args -> ((Address) args[0]).contains((Address) args[1]));
        functions.member("ip", form("cidr_ip", IP, CIDR), args -> ((Address) args[0]).withoutPrefix());
        functions.member("masked", form("cidr_masked", CIDR, CIDR), args -> ((Address) args[0]).masked());
        functions.member("prefixLength", form("cidr_prefix_length", SimpleType.INT, CIDR), args ->
                (long) ((Address) args[0]).prefix());
    }

    private static void is(FunctionSet functions, String name, String id, Predicate<Address> test) {
        functions.member(name, form(id, BOOL, IP), args -> test.test((Address) args[0]));
    }

    private static Address ip(Object text) {
        return Address.address((String) text)
                .orElseThrow(() -> new IllegalArgumentException("the text is no IP address"));
    }

    private static Address cidr(Object text) {
        return Address.network((String) text).orElseThrow(() -> new IllegalArgumentException("the text is no CIDR"));
    }

    private static FunctionSet.Form form(String id, CelType result, CelType... arguments) {
        List<Class<?>> classes = Arrays.stream(arguments)
                .<Class<?>>map(type -> type.equals(TEXT) ? String.class : Address.class)
                .toList();
        return new FunctionSet.Form(id, result, List.of(arguments), classes);
    }
}
