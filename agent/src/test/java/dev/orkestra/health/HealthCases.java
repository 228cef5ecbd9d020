package dev.orkestra.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.provider.Arguments;

/** Objects in short, and what is said of them. */
final class HealthCases {
    private static final JsonMapper RELAXED = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private HealthCases() {}

    static void expect(String what, HealthStatus.State state, String words, String json) {
        HealthStatus health = Health.of(parse(json));

        assertThat(health.state()).as("%s: %s", what, health.message()).isEqualTo(state);
        assertThat(health.message()).as(what).contains(words);
    }

    static Arguments row(String what, HealthStatus.State state, String words, String json) {
        return Arguments.of(what, state, words, json);
    }

    static String deployment(int generation, int replicas, String status) {
        return "{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {generation: " + generation + "}, spec:"
                + " {replicas: " + replicas + ", progressDeadlineSeconds: 600}, status: " + status + "}";
    }

    static String statefulSet(String spec, String status) {
        return "{apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: {generation: 1}, spec: " + spec + ", status: "
                + status + "}";
    }

    static String daemonSet(String status) {
        return "{apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {generation: 1}, status: " + status + "}";
    }

    static String job(String spec, String status) {
        return "{apiVersion: 'batch/v1', kind: 'Job', metadata: {generation: 1}, spec: " + spec + ", status: " + status
                + "}";
    }

    static String pod(String status) {
        return core("Pod", status);
    }

    static String core(String kind, String status) {
        return "{apiVersion: 'v1', kind: '" + kind + "', metadata: {name: 'a'}, status: " + status + "}";
    }

    static String crd(String conditions) {
        return "{apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', status: {conditions: "
                + conditions + "}}";
    }

    static String group(String status) {
        return "{apiVersion: 'orkestra.azure.microsoft.com/v1alpha1', kind: 'ApplicationGroup', metadata: {generation:"
                + " 2}, status: " + status + "}";
    }

    static String workflow(String status) {
        return "{apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: {generation: 2}, status: " + status
                + "}";
    }

    static String release(String status) {
        return "{apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: {generation: 2}, status: "
                + status + "}";
    }

    static String custom(String status) {
        return "{apiVersion: 'example.org/v1', kind: 'Thing', metadata: {generation: 2}, status: " + status + "}";
    }

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) RELAXED.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
