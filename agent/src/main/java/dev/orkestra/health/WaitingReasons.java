package dev.orkestra.health;

import dev.orkestra.health.PodTrouble.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads why the kubelet lets a container wait. The reasons are the kubelet's; what a pull came to stands only in the
 * text, which is the container runtime's and the registry's.
 */
final class WaitingReasons {
    /** Asked first: a registry that can't be asked says nothing of the image. */
    private static final List<String> UNREACHABLE = List.of(
            "i/o timeout",
            "connection refused",
            "connection reset",
            "no route to host",
            "network is unreachable",
            "tls handshake timeout",
            "x509:",
            "temporary failure in name resolution",
            "server misbehaving",
            "deadline exceeded",
            "context canceled",
            "client.timeout",
            "request canceled",
            "toomanyrequests",
            "too many requests",
            "rate limit",
            "pull qps exceeded",
            "internal server error",
            "bad gateway",
            "service unavailable",
            "gateway timeout",
            "unexpected eof",
            ": eof",
            "no space left on device",
            "disk quota exceeded");

    private static final List<String> REFUSED = List.of(
            "not found",
            "manifest unknown",
            "name unknown",
            "does not exist",
            "no match for platform",
            "no matching manifest",
            "unauthorized",
            "authentication required",
            "authorization failed",
            "forbidden",
            "denied");

    private WaitingReasons() {}

    /** How bad {@code reason} is; empty when waiting for it is part of an ordinary start. */
    static Optional<Kind> kind(String reason, String message) {
        return switch (reason) {
            case "", "ContainerCreating", "PodInitializing" -> Optional.empty();
            case "InvalidImageName", "ErrImageNeverPull" -> Optional.of(Kind.IMAGE_IMPOSSIBLE);
            case "ErrImagePull", "ImagePullBackOff", "ImageInspectError", "SignatureValidationFailed" ->
                Optional.of(pull(message));
            case "RegistryUnavailable" -> Optional.of(Kind.IMAGE_UNREACHABLE);
            case "CreateContainerConfigError", "CreateContainerError", "PreCreateHookError", "PreStartHookError" ->
                Optional.of(Kind.CONTAINER);
            // RunContainerError is what a crash loop says between two tries when there is nothing to run.
            case "CrashLoopBackOff", "RunContainerError", "PostStartHookError" -> Optional.of(Kind.CRASH_LOOP);
            default -> Optional.of(Kind.OTHER);
        };
    }

    /** Whether the text is only that another try comes later: then the kind of the try before still holds. */
    static boolean saysNothing(String words) {
        String plain = plain(words);
        return plain.contains("back-off pulling image") && !plain.contains("errimagepull");
    }

    private static Kind pull(String message) {
        String plain = plain(message);
        if (UNREACHABLE.stream().anyMatch(plain::contains)) {
            return Kind.IMAGE_UNREACHABLE;
        }
        if (plain.contains("no such host")) {
            // A name server that is cut off says the same as one that was asked for a name with a typing error.
            return Kind.IMAGE_UNCLEAR;
        }
        return REFUSED.stream().anyMatch(plain::contains) ? Kind.IMAGE_REFUSED : Kind.IMAGE_UNCLEAR;
    }

    /** Without what is quoted, for an image may be called {@code denied}. */
    private static String plain(String message) {
        return message.replaceAll("\"[^\"]*\"", "\"\"").toLowerCase(Locale.ROOT);
    }
}
