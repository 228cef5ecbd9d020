package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Groups;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReleaseSealTest {
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);

    @Test
    void aReleaseFitsItsSealWhateverAServerAddsToIt() {
        ObjectNode stored = sealed();
        stored.withObject("/spec").put("interval", "5m0s").put("suspend", true);
        stored.withObject("/spec/chart/spec").put("reconcileStrategy", "ChartVersion");
        stored.withObject("/spec/uninstall").put("deletionPropagation", "background");
        stored.withObject("/spec/values").put("whole", 2).putNull("gone");
        stored.withObject("/metadata").put("uid", "1").withObject("/labels").put("more", "x");
        assertThat(SEAL.fits(stored)).isTrue();
    }

    @Test
    void whatDecidesOnTheOutcomeIsSealed() {
        List<Consumer<ObjectNode>> changes = List.of(
                release -> release.withObject("/metadata/labels").put(GroupNames.OWNER, "other"),
                release -> release.withObject("/metadata").put("namespace", "other"),
                release -> release.withObject("/metadata").put("name", "other"),
                release -> release.withObject("/metadata/annotations").put(GroupNames.CHART_DIGEST, "sha256:other"),
                release -> release.withObject("/metadata/annotations").remove(GroupNames.CHART_DIGEST),
                release -> release.withObject("/metadata/annotations").remove(GroupNames.SEAL),
                release -> release.withObject("/spec").put("releaseName", "other"),
                release -> release.withObject("/spec").put("targetNamespace", "other"),
                release -> release.withObject("/spec/chart/spec").put("version", "2"),
                release -> release.withObject("/spec/chart/spec/sourceRef").put("name", "other"),
                release -> release.withObject("/spec/values").put("image", "other"),
                release -> release.withObject("/spec/upgrade").put("preserveValues", true),
                release -> release.withObject("/spec")
                        .putArray("valuesFrom")
                        .addObject()
                        .put("name", "other"));
        for (Consumer<ObjectNode> change : changes) {
            ObjectNode changed = sealed();
            change.accept(changed);
            assertThat(SEAL.fits(changed)).as(changed.toString()).isFalse();
        }
    }

    @Test
    void whatWasChangedSinceStillBelongsToItsGroupAndPlace() {
        ObjectNode changed = sealed();
        changed.withObject("/spec/values").put("image", "other");
        assertThat(SEAL.fits(changed)).isFalse();
        assertThat(SEAL.belongs(changed)).isTrue();
        changed.withObject("/spec").put("releaseName", "other");
        assertThat(SEAL.belongs(changed)).isFalse();
        ObjectNode foreign = sealed();
        foreign.withObject("/metadata/labels").put(GroupNames.OWNER, "other");
        assertThat(SEAL.belongs(foreign)).isFalse();
        foreign.withObject("/metadata/annotations").remove(GroupNames.SEAL);
        assertThat(SEAL.belongs(foreign)).isFalse();
        assertThat(ReleaseSeal.isSealed(foreign)).isFalse();
    }

    @Test
    void anotherKeyMakesAnotherSeal() {
        byte[] key = new byte[32];
        key[0] = 1;
        assertThat(new ReleaseSeal(key).fits(sealed())).isFalse();
        assertThatThrownBy(() -> new ReleaseSeal(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConfidentialDigestIsKeyedAndIsNoSealOfTheSameContent() {
        byte[] key = new byte[32];
        key[0] = 1;
        ObjectNode content = Groups.json("{password: hunter2}");
        String digest = SEAL.confidential("a", content);
        assertThat(digest).matches("sha256:[0-9a-f]{64}").isEqualTo(SEAL.confidential("a", content));
        assertThat(List.<String>of(
                        SEAL.confidential("b", content),
                        SEAL.confidential("a", Groups.json("{password: hunter3}")),
                        new ReleaseSeal(key).confidential("a", content),
                        CanonicalJson.digest(content)))
                .doesNotContain(digest);
    }

    private static ObjectNode sealed() {
        ObjectNode release = Groups.json("""
                metadata:
                  name: web
                  namespace: shop
                  labels: {orkestra.azure.microsoft.com/owner: shop}
                  annotations: {orkestra.dev/chart-digest: "sha256:1"}
                spec:
                  releaseName: web
                  targetNamespace: shop
                  chart: {spec: {chart: web, version: "1", sourceRef: {kind: HelmRepository, name: charts, namespace: orkestra}}}
                  uninstall: {timeout: 1m}
                  values: {image: web, whole: 2.0, gone: null, list: [1, {a: 1e3}]}
                """);
        release.withObject("/metadata/annotations").put(GroupNames.SEAL, SEAL.of(release));
        return release;
    }
}
