package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What stays the same about a finding when lines above it come or go. */
final class Fingerprint {
    /** Places that messages name. */
    private static final Pattern PLACES = Pattern.compile(":[0-9]{1,9}:[0-9]{1,9}|\\bline [0-9]{1,9}");

    private static final int LENGTH = 32;

    private Fingerprint() {}

    /** @param file path from the root of the repository */
    static String of(Diagnostic finding, String file) {
        String text = finding.id() + "\0" + file + "\0"
                + PLACES.matcher(finding.message()).replaceAll("");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
