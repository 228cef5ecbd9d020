package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExecutorsTest {
    @Test
    void q27_keysOfParametersAreMatchedWithoutRegardToCase() {
        assertThat(parameters(
                        "{name: k, type: keptn, params: {configmapRef: {Name: keptn-config, namespace: orkestra}}}"))
                .hasToString("{configMapName=keptn-config, configMapNamespace=orkestra}");
        assertThat(parameters(
                        "{name: k, type: keptn, params: {configMapRef: {name: keptn-config, namespace: orkestra}}}"))
                .hasToString("{configMapName=keptn-config, configMapNamespace=orkestra}");
    }

    @Test
    void aCustomExecutorIsToldItsDataAsCompactJson() {
        assertThat(parameters("{name: c, type: custom, image: {name: c, image: i}, params: {data: {foo: bar}}}"))
                .hasToString("{data=eyJmb28iOiJiYXIifQ==}");
        assertThat(parameters("{name: c, type: custom, image: {name: c, image: i}, params: {other: 1}}"))
                .hasToString("{data=}");
    }

    @Test
    void aHelmReleaseExecutorIgnoresItsParameters() {
        assertThat(parameters("{name: h, params: nil}")).hasToString("{}");
        assertThat(findings("{name: h, type: helmrelease, params: nil}")).isEmpty();
    }

    @Test
    void whatAStepCannotBeMadeOfIsSaidInAzureOrkestrasWords() {
        assertThat(findings("{name: k, type: keptn}"))
                .contains("task parameters are required for the keptn executor task")
                .contains("[WorkflowTemplateGenerationFailed]");
        assertThat(findings("{name: k, type: keptn, params: nil}"))
                .contains("params of the keptn executor is no mapping");
        assertThat(findings("{name: k, type: keptn, params: {configMapRef: {name: x}}}"))
                .contains("needs a name and a namespace");
        assertThat(findings("{name: c, type: custom, image: {name: c, image: i}}"))
                .contains("task parameters are required for the custom executor task");
    }

    @Test
    void q30_aCustomExecutorWithoutImageIsAFinding() {
        assertThat(findings("{name: c, type: custom, params: {}}"))
                .contains("executor 'c' of application 'a' is custom and names no image");
        assertThat(findings("{name: c, type: custom, image: {name: c}, params: {}}"))
                .contains("names no image");
        assertThat(findings("{name: c, type: custom, image: {name: C_1, image: i}, params: {}}"))
                .contains("cannot be the name of a container");
    }

    @Test
    void twoExecutorsThatBecomeOneNameAreRefused() {
        assertThat(findings("{name: a_b}, {name: a-b}")).contains("executors 'a_b' and 'a-b' of application 'a'");
    }

    @Test
    void conditionsAreReadBeforehand() {
        assertThat(conditions("{name: c, objects: [OBJECT], expression: 'db.status.readyReplicas >= 1'}"))
                .isEmpty();
        assertThat(conditions("{name: c, objects: [OBJECT], expression: 'db.status.'}"))
                .contains("condition 'c' cannot be read at 1:");
        assertThat(conditions("{name: c, objects: [OBJECT], expression: 'other.status == 1'}"))
                .contains("other");
        assertThat(conditions("{name: c, objects: [OBJECT], expression: '1 + 1'}"))
                .contains("says int");
        assertThat(conditions("{name: c, objects: [OBJECT, OBJECT], expression: 'true'}"))
                .contains("two objects called 'db'");
        assertThat(
                        conditions(
                                "{name: c, objects: [OBJECT], expression: 'true'}, {name: c, objects: [OBJECT], expression: 'true'}"))
                .contains("two conditions 'c'");
    }

    private static String conditions(String conditions) {
        return text(GroupRules.check(Groups.json("""
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: g}
                spec:
                  conditions: [CONDITIONS]
                  applications:
                    - {name: a, spec: {chart: {url: "http://x", name: a, version: "1"}, release: {targetNamespace: ns}}}
                """.replace("CONDITIONS", conditions)
                .replace("OBJECT", "{as: db, apiVersion: apps/v1, kind: Deployment, namespace: d, name: p}"))));
    }

    private static Object parameters(String executor) {
        return ExecutorParameters.of(ApplicationGroup.of(group(executor))
                .applications()
                .getFirst()
                .workflow()
                .getFirst());
    }

    private static String findings(String executors) {
        return text(GroupRules.check(group(executors)));
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode group(String executors) {
        return Groups.json("""
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: g}
                spec:
                  applications:
                    - name: a
                      spec:
                        chart: {url: "http://x", name: a, version: "1"}
                        release: {targetNamespace: ns}
                        workflow: [EXECUTORS]
                """.replace("EXECUTORS", executors));
    }

    private static String text(List<Diagnostic> findings) {
        return findings.stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
    }
}
