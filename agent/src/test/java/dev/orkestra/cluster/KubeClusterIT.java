package dev.orkestra.cluster;

import static dev.orkestra.cluster.TestCluster.MANAGER;
import static dev.orkestra.cluster.TestCluster.NAMESPACE;
import static dev.orkestra.cluster.TestCluster.configMap;
import static dev.orkestra.cluster.TestCluster.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.FieldOwner;
import dev.orkestra.cluster.ClusterException.Reason;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubeClusterIT {
    private static final ApplyOptions APPLY = ApplyOptions.of(MANAGER);

    private static KubeCluster cluster;
    private static ResourceType configMaps;

    @BeforeAll
    static void connect() {
        cluster = TestCluster.admin();
        configMaps = cluster.resourceType("v1", "ConfigMap");
        TestCluster.namespace(cluster);
    }

    @AfterAll
    static void disconnect() {
        cluster.close();
    }

    @BeforeEach
    @AfterEach
    void removeOwnObjects() {
        for (ObjectNode map : cluster.list(configMaps, NAMESPACE, "")) {
            cluster.delete(
                    configMaps, NAMESPACE, map.path("metadata").path("name").asText(), "");
        }
    }

    private static ClusterException refused(ThrowingCallable call) {
        ClusterException refused = catchThrowableOfType(ClusterException.class, call);
        assertThat(refused).as("the call must be refused").isNotNull();
        return refused;
    }

    @Test
    void everyCharacterOfAValueArrivesAsItIs() {
        String odd = "\uD83D\uDE00 \u007f \u0085 \u009f \u2028 \u2029 \ufeff \ufffd \u00e4 \t \n \"quoted\" \\ end";
        ObjectNode stored = cluster.apply(configMaps, configMap("odd", "text", odd), APPLY);
        assertThat(stored.path("data").path("text").asText()).isEqualTo(odd);
        cluster.delete(configMaps, NAMESPACE, "odd", "");
    }

    @Test
    void appliesAndReadsBack() {
        ObjectNode stored = cluster.apply(configMaps, configMap("a", "colour", "green"), APPLY);

        assertThat(stored.path("metadata").path("uid").asText()).isNotEmpty();
        assertThat(cluster.get(configMaps, NAMESPACE, "a"))
                .hasValueSatisfying(read ->
                        assertThat(read.path("data").path("colour").asText()).isEqualTo("green"));
        assertThat(cluster.get(configMaps, NAMESPACE, "absent")).isEmpty();
    }

    @Test
    void leavesNothingAfterADryRun() {
        ObjectNode answer = cluster.apply(configMaps, configMap("dry", "colour", "green"), APPLY.asDryRun());

        assertThat(answer.path("data").path("colour").asText()).isEqualTo("green");
        assertThat(cluster.get(configMaps, NAMESPACE, "dry")).isEmpty();
    }

    @Test
    void namesTheUnknownFieldAsInvalid() {
        ObjectNode wrong = configMap("wrong", "colour", "green");
        wrong.put("colour", "red");

        ClusterException refused = refused(() -> cluster.apply(configMaps, wrong, APPLY));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.isTransient()).isFalse();
        assertThat(refused).hasMessageContaining("ConfigMap cluster-it/wrong").hasMessageContaining(".colour");
    }

    @Test
    void namesTheManagerOfAFieldInConflict() {
        cluster.apply(configMaps, configMap("shared", "colour", "green"), ApplyOptions.of("somebody-else"));
        ObjectNode ours = configMap("shared", "colour", "red");

        ClusterException refused = refused(() -> cluster.apply(configMaps, ours, APPLY));

        assertThat(refused.reason()).isEqualTo(Reason.FIELD_CONFLICT);
        assertThat(refused.causes()).containsExactly(new FieldOwner(".data.colour", "somebody-else"));
        assertThat(cluster.apply(configMaps, ours, APPLY.forced())
                        .path("data")
                        .path("colour")
                        .asText())
                .isEqualTo("red");
    }

    @Test
    void refusesToReplaceWhatHasMovedOn() {
        ObjectNode first = cluster.create(configMaps, configMap("moving", "colour", "green"), MANAGER);
        ObjectNode second = first.deepCopy();
        second.withObject("/data").put("colour", "red");
        cluster.replace(configMaps, second, MANAGER);

        ClusterException refused = refused(() -> cluster.replace(configMaps, second, MANAGER));

        assertThat(refused.reason()).isEqualTo(Reason.STALE);
        assertThat(refused.isTransient()).isTrue();
    }

    @Test
    void refusesToCreateTwice() {
        cluster.create(configMaps, configMap("once", "colour", "green"), MANAGER);

        ClusterException refused =
                refused(() -> cluster.create(configMaps, configMap("once", "colour", "green"), MANAGER));

        assertThat(refused.reason()).isEqualTo(Reason.ALREADY_EXISTS);
    }

    @Test
    void forbidsWhatTheIdentityMayNot() {
        cluster.apply(configMaps, configMap("theirs", "colour", "green"), APPLY);
        Cluster tenant = cluster.as(new Identity(NAMESPACE, "nobody"));

        ClusterException read = refused(() -> tenant.get(configMaps, NAMESPACE, "theirs"));
        ClusterException write = refused(() -> tenant.apply(configMaps, configMap("mine", "a", "b"), APPLY));
        ClusterException list = refused(() -> tenant.list(configMaps, "", ""));

        assertThat(List.of(read.reason(), write.reason(), list.reason())).containsOnly(Reason.FORBIDDEN);
        assertThat(read).hasMessageContaining("system:serviceaccount:cluster-it:nobody");
        assertThat(cluster.get(configMaps, NAMESPACE, "mine")).isEmpty();
    }

    @Test
    void carriesTheGroupsOfTheServiceAccount() {
        ResourceType reviews = cluster.resourceType("authentication.k8s.io/v1", "SelfSubjectReview");
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.put("apiVersion", reviews.apiVersion()).put("kind", "SelfSubjectReview");

        ObjectNode answer = cluster.as(new Identity(NAMESPACE, "tenant")).create(reviews, question, MANAGER);

        JsonNode user = answer.path("status").path("userInfo");
        assertThat(user.path("username").asText()).isEqualTo("system:serviceaccount:cluster-it:tenant");
        assertThat(user.path("groups"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "system:serviceaccounts", "system:serviceaccounts:cluster-it", "system:authenticated");
    }

    @Test
    void listsInPagesAndSaysWhatEachObjectIs() {
        int count = 501;
        for (int i = 0; i < count; i++) {
            ObjectNode map = configMap("page-" + i, "number", Integer.toString(i));
            map.withObject("/metadata").putObject("labels").put("page", "yes");
            cluster.create(configMaps, map, MANAGER);
        }
        cluster.create(configMaps, configMap("other", "a", "b"), MANAGER);

        List<ObjectNode> listed = cluster.list(configMaps, NAMESPACE, "page=yes");

        assertThat(listed).hasSize(count);
        assertThat(listed).allSatisfy(map -> {
            assertThat(map.path("kind").asText()).isEqualTo("ConfigMap");
            assertThat(map.path("apiVersion").asText()).isEqualTo("v1");
        });
    }

    @Test
    void tellsNamesInOneRequestUnlessThereAreTooMany() {
        for (String name : List.of("named-1", "named-2", "named-3")) {
            ObjectNode map = configMap(name, "a", "b");
            map.withObject("/metadata").putObject("labels").put("named", "yes");
            cluster.create(configMaps, map, MANAGER);
        }

        assertThat(cluster.names(configMaps, NAMESPACE, "named=yes", 3))
                .hasValue(Set.of("named-1", "named-2", "named-3"));
        assertThat(cluster.names(configMaps, NAMESPACE, "named=yes", 2)).isEmpty();
    }

    @Test
    void deletesOnlyTheObjectThatWasMeant() {
        ObjectNode stored = cluster.apply(configMaps, configMap("mine", "colour", "green"), APPLY);
        String uid = stored.path("metadata").path("uid").asText();

        ClusterException refused =
                refused(() -> cluster.delete(configMaps, NAMESPACE, "mine", "00000000-0000-0000-0000-000000000000"));
        assertThat(refused.reason()).isEqualTo(Reason.STALE);
        assertThat(cluster.get(configMaps, NAMESPACE, "mine")).isPresent();

        cluster.delete(configMaps, NAMESPACE, "mine", uid);
        assertThat(cluster.get(configMaps, NAMESPACE, "mine")).isEmpty();
        cluster.delete(configMaps, NAMESPACE, "mine", uid);
    }

    @Test
    void namesAKindThatIsNotServed() {
        ClusterException refused = refused(() -> cluster.resourceType("orkestra.test/v1", "Nothing"));

        assertThat(refused.reason()).isEqualTo(Reason.MISSING_KIND);
        ResourceType gone = new ResourceType("orkestra.test", "v1", "Nothing", "nothings", true);
        assertThat(refused(() -> cluster.list(gone, "", "")).reason()).isEqualTo(Reason.MISSING_KIND);
        assertThat(refused(() -> cluster.get(gone, NAMESPACE, "a")).reason()).isEqualTo(Reason.MISSING_KIND);
    }

    @Test
    void refusesNamesThatWouldBeAnotherPath() {
        for (String name : List.of("..", ".", "", "a/b", "..%2f")) {
            assertThat(refused(() -> cluster.get(configMaps, NAMESPACE, name)).reason())
                    .isEqualTo(Reason.INVALID);
        }
    }

    @Test
    void patchesTheStatusOnlyWhereAsked() {
        ResourceType namespaces = cluster.resourceType("v1", "Namespace");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("annotations").put("orkestra.test/seen", "yes");

        ObjectNode patched = cluster.mergePatch(namespaces, "", NAMESPACE, patch, false, MANAGER);

        assertThat(patched.path("metadata")
                        .path("annotations")
                        .path("orkestra.test/seen")
                        .asText())
                .isEqualTo("yes");
    }

    @Test
    void countsRequestsByVerbAndStatus() {
        long before = cluster.requestCounts().getOrDefault(new RequestKind(Verb.DRY_RUN, 201), 0L);

        cluster.apply(configMaps, configMap("counted", "a", "b"), APPLY.asDryRun());

        assertThat(cluster.requestCounts()).containsEntry(new RequestKind(Verb.DRY_RUN, 201), before + 1);
    }

    @Test
    void countsTheSameEventUp() {
        ObjectNode about = cluster.apply(configMaps, configMap("noisy", "a", "b"), APPLY);
        ResourceType events = cluster.resourceType("v1", "Event");

        cluster.event(about, true, "Invalid", "the overlay is wrong");
        cluster.event(about, true, "Invalid", "the overlay is wrong");
        cluster.event(about, true, "Invalid", "the overlay is wrong in another way");

        String uid = about.path("metadata").path("uid").asText();
        List<ObjectNode> told = cluster.list(events, NAMESPACE, "").stream()
                .filter(event ->
                        event.path("involvedObject").path("uid").asText().equals(uid))
                .toList();
        assertThat(told)
                .extracting(event -> event.path("count").asInt() + " "
                        + event.path("message").asText())
                .containsExactlyInAnyOrder("2 the overlay is wrong", "1 the overlay is wrong in another way");
        told.forEach(event -> cluster.delete(
                events, NAMESPACE, event.path("metadata").path("name").asText(), ""));
    }

    @Test
    void keepsSecretValuesOutOfRefusals() {
        ResourceType secrets = cluster.resourceType("v1", "Secret");
        ObjectNode wrong = object("v1", "Secret", NAMESPACE, "canary");
        wrong.putObject("data").put("password", 4711471147L).put("token", "not base64: canary-4711");

        ClusterException applied = refused(() -> cluster.apply(secrets, wrong, APPLY));
        ClusterException created = refused(() -> cluster.create(secrets, wrong, MANAGER));

        assertThat(applied.reason()).isEqualTo(Reason.INVALID);
        assertThat(created.reason()).isEqualTo(Reason.INVALID);
        assertThat(applied.getMessage() + created.getMessage())
                .doesNotContain("4711")
                .contains("Secret cluster-it/canary");
    }

    @Test
    void saysEmptyForALogThatIsNotThere() {
        assertThat(cluster.podLog(NAMESPACE, "no-such-pod", "", 10)).isEmpty();
    }
}
