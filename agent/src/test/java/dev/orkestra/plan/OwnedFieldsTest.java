package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against an object as a Kubernetes 1.34 API server returned it after a server-side apply by orkestra-agent. */
class OwnedFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ObjectNode deployment() {
        try (InputStream stream = OwnedFieldsTest.class.getResourceAsStream("/plan/live-deployment.json")) {
            return (ObjectNode) JSON.readTree(Objects.requireNonNull(stream));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode container(ObjectNode deployment) {
        return (ObjectNode) deployment.at("/spec/template/spec/containers/0");
    }

    private static String digest(ObjectNode live) {
        return OwnedFields.digest(live, OwnedFields.MANAGER);
    }

    private static List<String> changes(ObjectNode before, ObjectNode after) {
        return OwnedFields.changes(before, after, OwnedFields.MANAGER).stream()
                .map(change -> change.path() + ": " + change.before() + " -> " + change.after())
                .toList();
    }

    @Test
    void whatOthersOwnIsNoDifference() {
        ObjectNode noise = deployment();
        ((ObjectNode) noise.get("metadata")).put("resourceVersion", "999").put("generation", 7);
        ((ObjectNode) noise.at("/metadata/annotations")).put("deployment.kubernetes.io/revision", "3");
        ((ObjectNode) noise.get("spec")).put("progressDeadlineSeconds", 1);
        container(noise).put("terminationMessagePath", "/elsewhere");
        noise.putObject("status").put("replicas", 5);
        assertThat(digest(noise)).isEqualTo(digest(deployment()));
        assertThat(changes(deployment(), noise)).isEmpty();
    }

    @Test
    void anOwnedValueIsADifferenceWithAPathThatPeopleRead() {
        ObjectNode changed = deployment();
        container(changed).put("image", "other");
        ((ObjectNode) container(changed).at("/env/0")).put("value", "red");
        ((ObjectNode) changed.get("spec")).put("replicas", 3);
        ((ObjectNode) changed.at("/metadata/annotations")).put("argocd.argoproj.io/sync-wave", "9");
        assertThat(digest(changed)).isNotEqualTo(digest(deployment()));
        assertThat(changes(deployment(), changed))
                .containsExactly(
                        "metadata.annotations[argocd.argoproj.io/sync-wave]: \"2\" -> \"9\"",
                        "spec.replicas: 0 -> 3",
                        "spec.template.spec.containers[name=web].env[name=COLOR].value: \"blue\" -> \"red\"",
                        "spec.template.spec.containers[name=web].image: \"ork.local/httpd:1\" -> \"other\"");
    }

    @Test
    void movedListItemsAreNoDifference() {
        ObjectNode moved = deployment();
        ObjectNode other = container(moved).deepCopy().put("name", "injected");
        ((com.fasterxml.jackson.databind.node.ArrayNode) moved.at("/spec/template/spec/containers")).insert(0, other);
        assertThat(digest(moved)).isEqualTo(digest(deployment()));
    }

    @Test
    void aFieldThatIsTakenAwayFromUsIsADifference() {
        ObjectNode taken = deployment();
        ((ObjectNode) taken.at("/metadata/managedFields/0/fieldsV1/f:spec")).remove("f:replicas");
        assertThat(digest(taken)).isNotEqualTo(digest(deployment()));
        assertThat(OwnedFields.sameOwnership(taken, deployment(), OwnedFields.MANAGER, IgnoredFields.NONE))
                .isFalse();
    }

    @Test
    void fieldsThatGoAndComeAreShownWithOneSide() {
        ObjectNode after = deployment();
        ((ObjectNode) after.at("/metadata/labels")).remove("app.kubernetes.io/name");
        ((ObjectNode) after.at("/metadata/labels")).put("team", "shop");
        ObjectNode labels = (ObjectNode) after.at("/metadata/managedFields/0/fieldsV1/f:metadata/f:labels");
        labels.remove("f:app.kubernetes.io/name");
        labels.putObject("f:team");
        assertThat(changes(deployment(), after))
                .containsExactly(
                        "metadata.labels[app.kubernetes.io/name]: \"web\" -> null",
                        "metadata.labels.team: null -> \"shop\"");
    }

    @Test
    void aWholeMappingThatIsOwnedShowsOnlyTheMemberThatChanged() {
        ObjectNode after = deployment();
        ((ObjectNode) after.at("/spec/selector/matchLabels")).put("app", "other");
        assertThat(changes(deployment(), after)).containsExactly("spec.selector.matchLabels.app: \"web\" -> \"other\"");
    }

    @Test
    void membersOfSetsAndEmptyMappingsAreSeen() {
        String managed = "'managedFields':[{'manager':'orkestra-agent','operation':'Apply','fieldsV1':"
                + "{'f:metadata':{'f:finalizers':{'.':{},'v:\\'a/b\\'':{}}},'f:spec':{'.':{}}}}]";
        ObjectNode with = object(
                "{'metadata':{'finalizers':['x','a/b']," + managed.replace("\\'", "\\\"") + "},'spec':{'foreign':1}}");
        ObjectNode without = with.deepCopy();
        ((com.fasterxml.jackson.databind.node.ArrayNode) without.at("/metadata/finalizers")).remove(1);
        assertThat(changes(with, without)).containsExactly("metadata.finalizers[=a/b]: \"a/b\" -> null");
        ObjectNode filled = with.deepCopy();
        ((ObjectNode) filled.get("spec")).put("foreign", 2);
        assertThat(changes(with, filled)).isEmpty();
    }

    @Test
    void statusAndUpdatesOfTheSameNameAreNotApplied() {
        ObjectNode live = object("{'metadata':{'managedFields':["
                + "{'manager':'orkestra-agent','operation':'Update','fieldsV1':{'f:spec':{'f:a':{}}}},"
                + "{'manager':'orkestra-agent','operation':'Apply','subresource':'status','fieldsV1':{'f:status':{'f:b':{}}}}"
                + "]},'spec':{'a':1},'status':{'b':1}}");
        assertThat(digest(live)).isEqualTo(digest(object("{}")));
    }
}
