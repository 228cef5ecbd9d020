package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.cluster.ClusterException.FieldFault;
import dev.orkestra.cluster.ClusterException.FieldOwner;
import dev.orkestra.cluster.ClusterException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells why the API server said no, by the reason and text of its {@code Status}, since codes alone mislead: an unknown
 * field in a server-side apply comes as 500, a terminating namespace and a spent quota as 403.
 */
final class Refusal {
    /** Longer messages are cut: they end in conditions and events. */
    private static final int MAX_MESSAGE = 2_000;

    private static final Pattern MANAGER = Pattern.compile("conflict with \"((?:[^\"\\\\]|\\\\.)*)\"");

    /** What the server prints of an object's values; from here on the text of a Secret's refusal is hidden. */
    private static final Pattern VALUES = Pattern.compile("(Invalid value: |got &|\\{Value:).*", Pattern.DOTALL);

    /** Quoted text in refusals is a value unless one of these words comes before it. An open quote ends the text. */
    private static final Pattern QUOTED = Pattern.compile(
            "(?<known>(?:field|secrets|Secret|namespaces|namespace|webhook|with|User|resource|group) )?"
                    + "\"(?:[^\"\\\\]|\\\\.)*(?:\"|$)",
            Pattern.DOTALL);

    private Refusal() {}

    /** The exception for an answer with {@code status} that is not a success. */
    static ClusterException of(ApiRequest request, int status, JsonNode body) {
        String told = body.path("message").asText("");
        String message = told.isEmpty() ? "HTTP " + status + " without an explanation" : told;
        Reason reason = reason(status, body, message);
        String shown = cut(request.secret() ? masked(message) : message);
        return new ClusterException(
                reason,
                request.what() + ": " + shown,
                reason == Reason.FIELD_CONFLICT ? owners(body) : List.of(),
                reason == Reason.INVALID ? faults(body) : List.of());
    }

    /** A message reads {@code Invalid value: {…}: reason}: what is behind the value is enough to tell the reason. */
    private static List<FieldFault> faults(JsonNode body) {
        List<FieldFault> faults = new ArrayList<>();
        for (JsonNode cause : body.path("details").path("causes")) {
            String field = cause.path("field").asText("");
            String message = cause.path("message").asText("");
            if (!field.isEmpty()) {
                faults.add(new FieldFault(
                        field, message.substring(message.lastIndexOf(": ") + 1).strip()));
            }
        }
        return faults;
    }

    static Reason reason(int status, JsonNode body, String message) {
        return reasonByText(body, message).orElseGet(() -> reasonByName(status, body));
    }

    /** Cases whose reason or code says something else than what happened. */
    private static Optional<Reason> reasonByText(JsonNode body, String message) {
        if (message.contains("admission webhook") && message.contains("denied the request")
                || message.contains("ValidatingAdmissionPolicy") && message.contains("denied request")) {
            return Optional.of(Reason.INVALID);
        }
        if (message.contains("failed calling webhook") || message.contains("conversion webhook for")) {
            return Optional.of(Reason.UNAVAILABLE);
        }
        if (message.contains("field not declared in schema")
                || message.contains("failed to create typed patch object")) {
            return Optional.of(Reason.INVALID);
        }
        // Both are 403, but nobody's rights have to change: the namespace is re-created, the quota freed or raised.
        boolean quota = message.contains("exceeded quota: ");
        return quota || hasCause(body, "NamespaceTerminating") ? Optional.of(Reason.UNAVAILABLE) : Optional.empty();
    }

    private static Reason reasonByName(int status, JsonNode body) {
        return switch (body.path("reason").asText("")) {
            case "NotFound" -> notFound(body);
            case "AlreadyExists" -> Reason.ALREADY_EXISTS;
            case "Conflict" -> conflict(body);
            case "Unauthorized" -> Reason.UNAUTHENTICATED;
            case "Forbidden" -> Reason.FORBIDDEN;
            case "Expired", "Gone" -> Reason.EXPIRED;
            case "Invalid",
                    "BadRequest",
                    "MethodNotAllowed",
                    "NotAcceptable",
                    "UnsupportedMediaType",
                    "RequestEntityTooLarge" -> Reason.INVALID;
            case "TooManyRequests", "ServiceUnavailable", "ServerTimeout", "Timeout", "InternalError" ->
                Reason.UNAVAILABLE;
            default -> reasonByCode(status, body);
        };
    }

    /** The last resort: an answer of a proxy, or of an API server behind the aggregator that knows no reasons. */
    private static Reason reasonByCode(int status, JsonNode body) {
        return switch (status) {
            case 400, 405, 406, 413, 415, 422 -> Reason.INVALID;
            case 401 -> Reason.UNAUTHENTICATED;
            case 403 -> Reason.FORBIDDEN;
            case 404 -> notFound(body);
            case 409 -> conflict(body);
            case 410 -> Reason.EXPIRED;
            // A redirect is not followed: it would carry the token to another host.
            default -> status < 400 ? Reason.UNREACHABLE : Reason.UNAVAILABLE;
        };
    }

    /** Only a missing object is named; a path that is not served ("404 page not found") is not. */
    private static Reason notFound(JsonNode body) {
        return body.path("details").path("name").asText("").isEmpty() ? Reason.MISSING_KIND : Reason.NOT_FOUND;
    }

    private static Reason conflict(JsonNode body) {
        return hasCause(body, "FieldManagerConflict") ? Reason.FIELD_CONFLICT : Reason.STALE;
    }

    private static boolean hasCause(JsonNode body, String reason) {
        for (JsonNode cause : body.path("details").path("causes")) {
            if (cause.path("reason").asText("").equals(reason)) {
                return true;
            }
        }
        return false;
    }

    private static List<FieldOwner> owners(JsonNode body) {
        List<FieldOwner> owners = new ArrayList<>();
        for (JsonNode cause : body.path("details").path("causes")) {
            if (cause.path("reason").asText("").equals("FieldManagerConflict")) {
                Matcher manager = MANAGER.matcher(cause.path("message").asText(""));
                String name = manager.find() ? manager.group(1) : "another manager";
                owners.add(new FieldOwner(cause.path("field").asText(""), name));
            }
        }
        return owners;
    }

    static String masked(String message) {
        String withoutValues = VALUES.matcher(message).replaceAll("$1***");
        return QUOTED.matcher(withoutValues)
                .replaceAll(
                        quoted -> quoted.group("known") == null ? "\"***\"" : Matcher.quoteReplacement(quoted.group()));
    }

    private static String cut(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    }
}
