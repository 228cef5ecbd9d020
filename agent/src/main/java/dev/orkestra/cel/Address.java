package dev.orkestra.cel;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IP address, 4 or 16 bytes; with a prefix length, a network. No zones, and no IPv4 in the form of IPv6: the API
 * server takes neither.
 *
 * @param prefix bits of the network, or -1 for an address alone
 */
record Address(byte[] bytes, int prefix) {
    /** The address in {@code text}; empty when it is none. */
    static Optional<Address> address(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? v4(text) : v6(text);
        return bytes == null || isMapped(bytes) ? Optional.empty() : Optional.of(new Address(bytes, -1));
    }

    /** The network in {@code text}; empty when it is none. */
    static Optional<Address> network(String text) {
        int slash = text.lastIndexOf('/');
        String bits = text.substring(slash + 1);
        boolean isNumber = slash > 0
                && !bits.isEmpty()
                && bits.length() <= 3
                && bits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (bits.length() == 1 || bits.charAt(0) != '0');
        if (!isNumber) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(bits);
        return address(text.substring(0, slash))
                .filter(address -> prefix <= address.bytes.length * 8)
                .map(address -> new Address(address.bytes, prefix));
    }

    boolean isV4() {
        return bytes.length == 4;
    }

    Address withoutPrefix() {
        return new Address(bytes, -1);
    }

    Address masked() {
        byte[] masked = bytes.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] &= (byte) (0xFF << (8 - kept));
        }
        return new Address(masked, prefix);
    }

    /** Whether the address, or the whole of the network, is in this network. */
    boolean contains(Address other) {
        return other.bytes.length == bytes.length
                && (other.prefix < 0 || other.prefix >= prefix)
                && Arrays.equals(masked().bytes, new Address(other.bytes, prefix).masked().bytes);
    }

    boolean isUnspecified() {
        return isAllZero(bytes.length);
    }

    boolean isLoopback() {
        return isV4() ? bytes[0] == 127 : isAllZero(15) && bytes[15] == 1;
    }

    boolean isLinkLocalMulticast() {
        return isV4()
                ? (bytes[0] & 0xFF) == 224 && bytes[1] == 0 && bytes[2] == 0
                : (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0x0F) == 2;
    }

    boolean isLinkLocalUnicast() {
        return isV4()
                ? (bytes[0] & 0xFF) == 169 && (bytes[1] & 0xFF) == 254
                : (bytes[0] & 0xFF) == 0xFE && (bytes[1] & 0xC0) == 0x80;
    }

    boolean isGlobalUnicast() {
        boolean isMulticast = isV4() ? (bytes[0] & 0xF0) == 0xE0 : (bytes[0] & 0xFF) == 0xFF;
        boolean isBroadcast = isV4() && Arrays.equals(bytes, new byte[] {-1, -1, -1, -1});
        return !isUnspecified() && !isLoopback() && !isMulticast && !isLinkLocalUnicast() && !isBroadcast;
    }

    private boolean isAllZero(int first) {
        for (int i = 0; i < first; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMapped(byte[] bytes) {
        return bytes.length == 16 && new Address(bytes, -1).isAllZero(10) && bytes[10] == -1 && bytes[11] == -1;
    }

    private static byte @Nullable [] v4(String text) {
        String[] parts = text.length() > 15 ? new String[0] : text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (parts.length != 4 || !isByte(parts[i])) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static boolean isByte(String part) {
        return !part.isEmpty()
                && part.length() <= 3
                && part.chars().allMatch(c -> c >= '0' && c <= '9')
                && (part.length() == 1 || part.charAt(0) != '0')
                && Integer.parseInt(part) < 256;
    }

    private static byte @Nullable [] v6(String text) {
        if (text.length() > 45) {
            return null;
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all != null && all.length == 16 ? all : null;
        }
        byte[] head = groups(text.substring(0, gap));
        byte[] tail = groups(text.substring(gap + 2));
        if (head == null
                || tail == null
                || head.length + tail.length > 14
                || text.substring(0, gap).contains(".")) {
            return null;
        }
        byte[] bytes = new byte[16];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** The bytes of groups between colons, the last of which may be an IPv4 address; null when some are wrong. */
    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        byte[] bytes = new byte[groups.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            String group = groups[i];
            boolean isLast = i == groups.length - 1;
            byte[] v4 = isLast && group.indexOf('.') >= 0 ? v4(group) : null;
            if (v4 != null) {
                System.arraycopy(v4, 0, bytes, length, 4);
                length += 4;
            } else if (!group.isEmpty() && group.length() <= 4 && group.chars().allMatch(Address::isHex)) {
                int value = Integer.parseInt(group, 16);
                bytes[length++] = (byte) (value >> 8);
                bytes[length++] = (byte) value;
            } else {
                return null;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isHex(int c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Address(byte[] theirs, int length) && length == prefix && Arrays.equals(bytes, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + prefix;
    }

    /** The canonical form: lower case, the longest run of zeros left out. */
    @Override
    public String toString() {
        return (isV4() ? dotted() : colons()) + (prefix < 0 ? "" : "/" + prefix);
    }

    private String dotted() {
        return (bytes[0] & 0xFF) + "." + (bytes[1] & 0xFF) + "." + (bytes[2] & 0xFF) + "." + (bytes[3] & 0xFF);
    }

    private int group(int i) {
        return (bytes[i * 2] & 0xFF) << 8 | bytes[i * 2 + 1] & 0xFF;
    }

    private String colons() {
        int best = -1;
        int length = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - start > length) {
                best = start;
                length = end - start;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
