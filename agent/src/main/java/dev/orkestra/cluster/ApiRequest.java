package dev.orkestra.cluster;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to the API server.
 *
 * @param verb what it is counted as
 * @param method HTTP method
 * @param path segments of the path, not yet escaped
 * @param query parameters, not yet escaped
 * @param contentType media type of {@code body}; empty without one
 * @param body bytes to send, or null
 * @param what what it is about, for messages: {@code ConfigMap default/a}
 * @param secret whether answers may print secret values, so that messages need masking
 * @param accept media type of the answer
 */
record ApiRequest(
        Verb verb,
        String method,
        List<String> path,
        List<Parameter> query,
        String contentType,
        byte @Nullable [] body,
        String what,
        boolean secret,
        String accept) {
    /** One query parameter. */
    record Parameter(String name, String value) {}

    static final String JSON = "application/json";
    /** Lists without spec, data and status. */
    static final String NAMES = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    static final String MERGE_PATCH = "application/merge-patch+json";
    /** The body is sent as JSON, which is YAML. */
    static final String APPLY_PATCH = "application/apply-patch+yaml";

    ApiRequest {
        path = List.copyOf(path);
        query = List.copyOf(query);
    }

    /** One that is answered with JSON as it is. */
    ApiRequest(
            Verb verb,
            String method,
            List<String> path,
            List<Parameter> query,
            String contentType,
            byte @Nullable [] body,
            String what,
            boolean secret) {
        this(verb, method, path, query, contentType, body, what, secret, JSON);
    }

    static ApiRequest get(Verb verb, List<String> path, String what) {
        return new ApiRequest(verb, "GET", path, List.of(), "", null, what, false);
    }

    ApiRequest with(String name, String value) {
        List<Parameter> more = new ArrayList<>(query);
        more.add(new Parameter(name, value));
        return new ApiRequest(verb, method, path, more, contentType, body, what, secret, accept);
    }

    /** The parameter only where it says something. */
    ApiRequest withUnlessEmpty(String name, String value) {
        return value.isEmpty() ? this : with(name, value);
    }

    ApiRequest about(String subject) {
        return new ApiRequest(verb, method, path, query, contentType, body, subject, secret, accept);
    }

    ApiRequest accepting(String mediaType) {
        return new ApiRequest(verb, method, path, query, contentType, body, what, secret, mediaType);
    }

    /** For logs: no query, no body. */
    @Override
    public String toString() {
        return verb + " " + what;
    }
}
