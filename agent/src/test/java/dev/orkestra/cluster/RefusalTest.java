package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.cluster.ClusterException.FieldOwner;
import dev.orkestra.cluster.ClusterException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of Kubernetes 1.34. */
class RefusalTest {
    private static ClusterException refusal(int status, String json, boolean secret) {
        ApiRequest request = new ApiRequest(
                Verb.APPLY, "PATCH", List.of(), List.of(), ApiRequest.APPLY_PATCH, new byte[0], "Thing a/b", secret);
        try {
            JsonNode body = new ObjectMapper().readTree(json);
            return Refusal.of(request, status, body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Reason reason(int status, String reason, String message) {
        return refusal(status, "{\"reason\":\"" + reason + "\",\"message\":\"" + message + "\"}", false)
                .reason();
    }

    @ParameterizedTest
    @CsvSource({
        "409, AlreadyExists, ALREADY_EXISTS",
        "409, Conflict, STALE",
        "401, Unauthorized, UNAUTHENTICATED",
        "403, Forbidden, FORBIDDEN",
        "410, Expired, EXPIRED",
        "410, Gone, EXPIRED",
        "422, Invalid, INVALID",
        "400, BadRequest, INVALID",
        "429, TooManyRequests, UNAVAILABLE",
        "503, ServiceUnavailable, UNAVAILABLE",
        "504, Timeout, UNAVAILABLE",
        "500, InternalError, UNAVAILABLE",
        "502, '', UNAVAILABLE",
        "302, '', UNREACHABLE",
        "413, '', INVALID",
        "404, '', MISSING_KIND",
    })
    void goesByTheServersReasonThenByTheCode(int status, String reason, Reason expected) {
        assertThat(reason(status, reason, "words")).isEqualTo(expected);
    }

    @Test
    void anUnknownFieldIsInvalidAlthoughItComesAs500() {
        assertThat(reason(
                        500,
                        "",
                        "failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.replica: "
                                + "field not declared in schema"))
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void aWebhookThatDeniesIsInvalidAndOneThatIsGoneIsUnavailable() {
        assertThat(reason(403, "Forbidden", "admission webhook \\\"w.test\\\" denied the request: no"))
                .isEqualTo(Reason.INVALID);
        assertThat(reason(
                        500,
                        "InternalError",
                        "Internal error occurred: failed calling webhook \\\"w.test\\\": failed to call webhook: Post "
                                + "\\\"https://w.test.svc:443/?timeout=10s\\\": dial tcp: connection refused"))
                .isEqualTo(Reason.UNAVAILABLE);
        assertThat(reason(422, "Invalid", "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not allowed"))
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void aTerminatingNamespaceAndASpentQuotaAreWorthAnotherTry() {
        ClusterException terminating = refusal(403, """
                {"reason": "Forbidden",
                 "message": "configmaps \\"a\\" is forbidden: unable to create new content in namespace x because it is being terminated",
                 "details": {"name": "a", "causes": [{"reason": "NamespaceTerminating", "field": "metadata.namespace"}]}}
                """, false);
        assertThat(terminating.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(terminating.isTransient()).isTrue();
        assertThat(reason(403, "Forbidden", "pods \\\"a\\\" is forbidden: exceeded quota: small, requested: pods=1"))
                .isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void tellsAMissingObjectFromAMissingKind() {
        assertThat(refusal(404, "{\"reason\":\"NotFound\",\"details\":{\"name\":\"b\"}}", false)
                        .reason())
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(refusal(404, "{\"reason\":\"NotFound\",\"details\":{}}", false)
                        .reason())
                .isEqualTo(Reason.MISSING_KIND);
    }

    @Test
    void namesEachFieldInConflictWithItsManager() {
        ClusterException conflict = refusal(409, """
                {"reason": "Conflict", "message": "Apply failed with 2 conflicts",
                 "details": {"causes": [
                  {"reason": "FieldManagerConflict", "field": ".spec.replicas",
                   "message": "conflict with \\"kubectl-edit\\" with subresource \\"scale\\" using apps/v1"},
                  {"reason": "FieldManagerConflict", "field": ".data.a", "message": "something new"}]}}
                """, false);

        assertThat(conflict.reason()).isEqualTo(Reason.FIELD_CONFLICT);
        assertThat(conflict.causes())
                .containsExactly(
                        new FieldOwner(".spec.replicas", "kubectl-edit"), new FieldOwner(".data.a", "another manager"));
    }

    @Test
    void hidesTheValuesOfASecret() {
        assertThat(Refusal.masked("Secret \"a\" is invalid: data[x]: Invalid value: \"canary\": too long: canary"))
                .isEqualTo("Secret \"a\" is invalid: data[x]: Invalid value: ***");
        assertThat(Refusal.masked(".data.x: expected string, got &value.valueUnstructured{Value:4711}"))
                .isEqualTo(".data.x: expected string, got &***");
        assertThat(Refusal.masked("unknown field \"colour\" near \"canary\""))
                .isEqualTo("unknown field \"colour\" near \"***\"");
    }

    @Test
    void cutsAnEndlessMessage() {
        assertThat(refusal(422, "{\"reason\":\"Invalid\",\"message\":\"" + "x".repeat(10_000) + "\"}", false))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_100));
    }
}
