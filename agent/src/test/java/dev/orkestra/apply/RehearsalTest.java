package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.testing.MemoryCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is asked before the first write of a wave that brings namespaces and kinds. */
class RehearsalTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final ToApply namespace = object("v1", "Namespace", "", "shop");
    private final ToApply definition = definition();
    private final ToApply widget = object("test.dev/v1", "Widget", "shop", "w");
    private final ToApply bad = object("v1", "ConfigMap", "shop", "bad");

    private static ToApply object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = body.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return toApply(body, false);
    }

    private static ToApply definition() {
        ToApply made = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "widgets.test.dev");
        ObjectNode body = made.body();
        ObjectNode spec = body.putObject("spec").put("group", "test.dev");
        spec.putObject("names").put("kind", "Widget");
        return toApply(body, true);
    }

    private static ToApply toApply(ObjectNode body, boolean asked) {
        DesiredObject object =
                new DesiredObject(ObjectKey.of(body), body, Wave.sync(0, 0), Position.startOf("a.yaml"), "sha256:a");
        return new ToApply(object, body, ApplyOptions.of(Labels.MANAGER), asked, false, Optional.empty());
    }

    private void refuses(String request, ClusterException.Reason reason) {
        var others = cluster.before;
        cluster.before = asked -> {
            others.accept(asked);
            if (asked.equals(request)) {
                throw new ClusterException(reason, "refused: " + request);
            }
        };
    }

    private Map<ObjectKey, ClusterException> ask(ToApply... wave) {
        return new Rehearsal(cluster, List.of(wave), (_, _) -> false).askWhatCanBeAsked();
    }

    /** The namespace is there already; that the kind is not says nothing about it. */
    @Test
    void aKindThatIsMissingKeepsNobodyElseInItsNamespaceFromBeingAsked() {
        refuses("dry-run Widget/w", ClusterException.Reason.MISSING_KIND);
        refuses("dry-run ConfigMap/bad", ClusterException.Reason.INVALID);

        assertThat(ask(namespace, definition, widget, bad))
                .containsOnlyKeys(bad.object().key());
    }

    @Test
    void oneAsksForAllThatNeedTheSameMissingNamespace() {
        ToApply second = object("v1", "ConfigMap", "shop", "second");
        refuses("dry-run Widget/w", ClusterException.Reason.MISSING_KIND);
        refuses("dry-run ConfigMap/bad", ClusterException.Reason.NOT_FOUND);
        refuses("dry-run ConfigMap/second", ClusterException.Reason.NOT_FOUND);

        assertThat(ask(namespace, definition, widget, bad, second)).isEmpty();
        assertThat(cluster.requests()).doesNotContain("dry-run ConfigMap/second");
    }
}
