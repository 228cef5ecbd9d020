package dev.orkestra.group;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The names that Azure Orkestra derives. They bind Helm releases that are already installed, so they are kept to the
 * letter, a trailing {@code -} included.
 */
public final class Naming {
    /** Longest name of a DNS label. */
    private static final int MAX_LENGTH = 63;
    /** How much of the owner's hash a subchart's name carries. */
    private static final int HASH_LENGTH = 10;

    private Naming() {}

    /**
     * {@code text} as a DNS label: lower case, anything else than letters, digits and {@code -} becomes {@code -},
     * nothing but a letter or digit in front, at most 63 characters. What would be empty becomes a hash of it.
     */
    public static String dns(String text) {
        String replaced = text.toLowerCase(Locale.ROOT)
                .codePoints()
                .map(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ? c : '-')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        int start = 0;
        while (start < replaced.length() && replaced.charAt(start) == '-') {
            start++;
        }
        String name = start == replaced.length() ? sha256(text) : replaced.substring(start);
        return name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
    }

    /**
     * Name of a subchart that became a release of its own. The hash is over the <em>application's</em> name on the
     * side of the chart as on the side of the release; Azure Orkestra hashed the chart's name on one side, so the chart
     * was not found when the two differed.
     */
    public static String subchart(String application, String subchart) {
        return dns(sha256(application).substring(0, HASH_LENGTH) + "-" + subchart);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
