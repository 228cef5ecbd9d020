package dev.orkestra.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a request says that it comes from somebody who knows the secret of a webhook. GitHub, Gitea and Forgejo sign the
 * body with HMAC-SHA256; GitLab sends the secret itself.
 */
sealed interface WebhookSignature {
    Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
    String SHA256 = "sha256=";

    /** @throws TooLargeException when the body has more than {@code most} bytes */
    boolean isBy(byte[] secret, InputStream body, long most) throws IOException;

    /** The body is longer than it may be. */
    final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long most) {
            super("more than " + most + " bytes");
        }
    }

    /**
     * From the headers of a request.
     *
     * @param header the value of a header, or null
     * @return empty when there is none, or none that could be right: then the body is not worth reading
     */
    static Optional<WebhookSignature> of(Function<String, @Nullable String> header) {
        String gitHub = header.apply("X-Hub-Signature-256");
        if (gitHub != null) {
            return gitHub.startsWith(SHA256) ? hmac(gitHub.substring(SHA256.length())) : Optional.empty();
        }
        String gitea = header.apply("X-Gitea-Signature");
        if (gitea != null) {
            return hmac(gitea);
        }
        String gitLab = header.apply("X-Gitlab-Token");
        return gitLab == null || gitLab.isEmpty()
                ? Optional.empty()
                : Optional.of(new Token(gitLab.getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<WebhookSignature> hmac(String hex) {
        return HEX.matcher(hex).matches() ? Optional.of(new Hmac(HexFormat.of().parseHex(hex))) : Optional.empty();
    }

    /** HMAC-SHA256 of the body. */
    record Hmac(byte[] expected) implements WebhookSignature {
        @Override
        public boolean isBy(byte[] secret, InputStream body, long most) throws IOException {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                byte[] buffer = new byte[8192];
                long length = 0;
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    length += read;
                    if (length > most) {
                        throw new TooLargeException(most);
                    }
                    mac.update(buffer, 0, read);
                }
                return MessageDigest.isEqual(expected, mac.doFinal());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HmacSHA256, and takes any key", e);
            }
        }
    }

    /** The secret itself; the body is not read. */
    record Token(byte[] given) implements WebhookSignature {
        @Override
        public boolean isBy(byte[] secret, InputStream body, long most) {
            return MessageDigest.isEqual(given, secret);
        }
    }
}
