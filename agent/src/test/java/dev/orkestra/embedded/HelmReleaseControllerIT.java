package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HelmReleases carried out with real Helm on a real cluster, with real pods. */
class HelmReleaseControllerIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String GOOD = "ork.local/httpd:1";
    private static final String BAD = "ork.local/not-there:1";
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-releases"));
    }

    @AfterAll
    static void stop() {
        HelmReleases.end(engines);
    }

    @Test
    void installsThenLeavesAloneThenUpgradesThenUninstalls() throws InterruptedException {
        engines.apply(engines.release("life", "40s", "one", GOOD));
        ObjectNode ready = engines.awaitRelease("life", SOON, settledAs("Ready"));
        assertThat(reason(ready, "Ready")).isEqualTo("InstallSucceeded");
        assertThat(reason(ready, "Released")).isEqualTo("InstallSucceeded");
        assertThat(revisions(ready)).containsExactly(1L);
        assertThat(text("life")).isEqualTo("one");
        assertThat(deployment("life").path("status").path("availableReplicas").asInt())
                .isEqualTo(1);

        ObjectNode sameAgain = engines.release("life", "41s", "one", GOOD);
        engines.apply(sameAgain);
        ObjectNode still = engines.awaitRelease("life", SOON, settledAs("Ready").and(generation(2)));
        assertThat(revisions(still)).containsExactly(1L);
        assertThat(records("life")).containsExactly("deployed");
        assertThat(transition(still, "Ready")).isEqualTo(transition(ready, "Ready"));

        engines.apply(engines.release("life", "41s", "two", GOOD));
        ObjectNode upgraded =
                engines.awaitRelease("life", SOON, settledAs("Ready").and(generation(3)));
        assertThat(reason(upgraded, "Ready")).isEqualTo("UpgradeSucceeded");
        assertThat(revisions(upgraded)).containsExactly(2L, 1L);
        assertThat(upgraded.path("status")
                        .path("history")
                        .path(1)
                        .path("status")
                        .asText())
                .isEqualTo("superseded");
        assertThat(text("life")).isEqualTo("two");

        delete("life");
        assertThat(engines.get("v1", "ConfigMap", "life-page")).isEmpty();
        assertThat(engines.get("apps/v1", "Deployment", "life")).isEmpty();
        assertThat(records("life")).isEmpty();
    }

    @Test
    void saysWithThePodsOwnWordsWhyAnImageThatIsNotThereFails() throws InterruptedException {
        engines.apply(engines.release("noimage", "12s", "one", BAD));
        ObjectNode failed = engines.awaitRelease("noimage", SOON, settledAs("Stalled"));
        assertThat(reason(failed, "Ready")).isEqualTo("InstallFailed");
        assertThat(reason(failed, "Stalled")).isEqualTo("RetriesExceeded");
        assertThat(message(failed)).contains("not healthy within 12s").contains("not-there:1");
        assertThat(failed.path("status").path("installFailures").asInt()).isEqualTo(1);
        delete("noimage");
    }

    @Test
    void goesBackAtOnceWhileABadRevisionIsStillWaitedFor() throws InterruptedException {
        engines.apply(engines.release("back", "5m", "one", GOOD));
        engines.awaitRelease("back", SOON, settledAs("Ready"));

        engines.apply(engines.release("back", "5m", "one", BAD));
        engines.awaitRelease("back", SOON, release -> message(release).contains("not-there"));
        engines.apply(engines.release("back", "5m", "one", GOOD));

        ObjectNode ready = engines.awaitRelease("back", SOON, settledAs("Ready").and(generation(3)));
        assertThat(ready.path("status").path("history").path(0).path("version").asLong())
                .isEqualTo(3);
        assertThat(records("back")).containsExactly("deployed", "superseded", "superseded");
        delete("back");
    }

    @Test
    void repeatsARevisionThatHelmWasKilledInTheMiddleOf() throws InterruptedException, IOException {
        engines.apply(engines.release("killed", "40s", "one", GOOD));
        engines.awaitRelease("killed", SOON, settledAs("Ready"));
        String uid = deployment("killed").path("metadata").path("uid").asText();
        engines.apply(engines.release("killed", "40s", "two", GOOD));
        engines.awaitRelease("killed", SOON, settledAs("Ready").and(generation(2)));

        engines.stopControllers();
        ObjectNode record =
                engines.get("v1", "Secret", "sh.helm.release.v1.killed.v2").orElseThrow();
        markPending(record, "pending-upgrade");
        forgetStatus("killed");
        engines.startControllers();

        ObjectNode ready = engines.awaitRelease("killed", SOON, settledAs("Ready"));
        assertThat(ready.path("status").path("history").path(0).path("version").asLong())
                .isEqualTo(2);
        assertThat(records("killed")).containsExactly("deployed", "superseded");
        assertThat(deployment("killed").path("metadata").path("uid").asText()).isEqualTo(uid);
        delete("killed");
    }

    @Test
    void sayThatNobodyAnswersForAGroupAndInstallsNothing() throws InterruptedException {
        ObjectNode stray = engines.release("stray", "40s", "one", GOOD);
        stray.withObject("/metadata/labels").put(Engines.ORKESTRA + "owner", "somebody-else");
        engines.apply(stray);
        ObjectNode denied = engines.awaitRelease(
                "stray", SOON, release -> reason(release, "Ready").equals("NoIdentity"));
        assertThat(message(denied)).contains("nobody answers for somebody-else");
        assertThat(records("stray")).isEmpty();
        stray.withObject("/metadata/labels").put(Engines.ORKESTRA + "owner", Engines.GROUP);
        engines.apply(stray);
        engines.awaitRelease("stray", SOON, settledAs("Ready"));
        delete("stray");
    }

    @Test
    void leavesAloneWhatItsGroupDidNotPlan() throws InterruptedException {
        ObjectNode stray = engines.release("unplanned", "40s", "one", GOOD);
        stray.withObject("/metadata/annotations").put("test/not-planned", "");
        engines.apply(stray);
        ObjectNode denied = engines.awaitRelease(
                "unplanned", SOON, release -> reason(release, "Ready").equals("NotSealed"));
        assertThat(message(denied)).contains("its group did not plan this HelmRelease");
        assertThat(records("unplanned")).isEmpty();
        stray.withObject("/metadata/annotations").remove("test/not-planned");
        engines.apply(stray);
        engines.awaitRelease("unplanned", SOON, settledAs("Ready"));
        delete("unplanned");
    }

    @Test
    void uninstallsWhatWasChangedByHandAndNoOtherReleaseThatItsStatusNames() throws InterruptedException {
        ObjectNode other = engines.release("bystander", "40s", "one", GOOD);
        engines.apply(other);
        ObjectNode changed = engines.release("changed", "40s", "one", GOOD);
        engines.apply(changed);
        engines.awaitRelease("bystander", SOON, settledAs("Ready"));
        engines.awaitRelease("changed", SOON, settledAs("Ready"));
        changed.withObject("/metadata/annotations").put("test/not-planned", "");
        changed.withObject("/spec/values").put("text", "by hand");
        engines.apply(changed);
        engines.awaitRelease(
                "changed", SOON, release -> reason(release, "Ready").equals("NotSealed"));
        ObjectNode patch = changed.objectNode();
        patch.withObject("/status")
                .putArray("history")
                .addObject()
                .put("name", "bystander")
                .put("version", 1);
        engines.cluster.mergePatch(engines.type(changed), engines.namespace, "changed", patch, true, "test");
        delete("changed");
        assertThat(records("changed")).isEmpty();
        assertThat(records("bystander")).containsExactly("deployed");
        delete("bystander");
    }

    @Test
    void saysHowToBeRidOfWhatIsNotItsGroupsOwn() throws InterruptedException {
        ObjectNode release = engines.release("foreign", "40s", "one", GOOD);
        engines.apply(release);
        engines.awaitRelease("foreign", SOON, settledAs("Ready"));
        release.withObject("/metadata/annotations").put("test/not-its-own", "");
        engines.apply(release);
        engines.cluster.delete(engines.type(release), engines.namespace, "foreign", "");
        ObjectNode left = engines.awaitRelease(
                "foreign", SOON, now -> reason(now, "Ready").equals("NotSealed"));
        assertThat(message(left)).contains("remove its finalizer finalizers.fluxcd.io");
        assertThat(records("foreign")).containsExactly("deployed");
        release.withObject("/metadata/annotations").remove("test/not-its-own");
        engines.apply(release);
        delete("foreign");
        assertThat(records("foreign")).isEmpty();
    }

    @Test
    void leavesWhatIsSuspendedWhereItIsWhenTheHelmReleaseGoes() throws InterruptedException, IOException {
        ObjectNode release = engines.release("parked", "40s", "one", GOOD);
        engines.apply(release);
        engines.awaitRelease("parked", SOON, settledAs("Ready"));
        release.withObject("/spec").put("suspend", true);
        engines.apply(release);
        engines.awaitRelease("parked", SOON, settledAs("Ready").and(generation(2)));
        delete("parked");
        assertThat(records("parked")).containsExactly("deployed");
        engines.helm("uninstall", "parked", "--namespace", engines.namespace);
    }

    @Test
    void keepsTheHistoryWhereItIsAskedToAndInstallsAgainAfterIt() throws InterruptedException, IOException {
        ObjectNode release = engines.release("kept", "40s", "one", GOOD);
        release.withObject("/spec/uninstall").put("keepHistory", true);
        engines.apply(release);
        engines.awaitRelease("kept", SOON, settledAs("Ready"));
        delete("kept");
        assertThat(engines.get("apps/v1", "Deployment", "kept")).isEmpty();
        assertThat(records("kept")).containsExactly("uninstalled");
        engines.apply(release);
        ObjectNode again = engines.awaitRelease("kept", SOON, settledAs("Ready"));
        assertThat(reason(again, "Ready")).isEqualTo("InstallSucceeded");
        assertThat(revisions(again)).containsExactly(2L);
        release.withObject("/spec/uninstall").put("keepHistory", false);
        engines.apply(release);
        engines.awaitRelease("kept", SOON, settledAs("Ready").and(generation(2)));
        delete("kept");
        assertThat(records("kept")).isEmpty();
    }

    /** Helm's record as a kill leaves it: the label and the body say pending. */
    private static void markPending(ObjectNode record, String status) throws IOException {
        byte[] gzip = java.util.Base64.getDecoder()
                .decode(java.util.Base64.getDecoder()
                        .decode(record.path("data").path("release").asText()));
        byte[] json = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(gzip)).readAllBytes();
        String body = new String(json, java.nio.charset.StandardCharsets.UTF_8)
                .replaceFirst("\"status\":\"deployed\"", "\"status\":\"" + status + "\"");
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
            out.write(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        java.util.Base64.Encoder encoder = java.util.Base64.getEncoder();
        record.withObject("/data").put("release", encoder.encodeToString(encoder.encode(bytes.toByteArray())));
        record.withObject("/metadata/labels").put("status", status);
        engines.cluster.replace(engines.type(record), record, "test");
    }

    /** As if the agent had been killed before it wrote how Helm ended. */
    private static void forgetStatus(String name) {
        ObjectNode release =
                engines.get("helm.toolkit.fluxcd.io/v2", "HelmRelease", name).orElseThrow();
        ObjectNode patch = release.objectNode();
        patch.putObject("status").put("observedGeneration", 1).putNull("conditions");
        engines.cluster.mergePatch(engines.type(release), engines.namespace, name, patch, true, "test");
    }

    private static void delete(String name) throws InterruptedException {
        ResourceType type = engines.cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        ObjectNode live = engines.cluster.get(type, engines.namespace, name).orElseThrow();
        var outcome =
                new dev.orkestra.executor.HelmReleaseExecutor(engines.cluster.as(engines.identity)).delete(live, SOON);
        assertThat(outcome).isInstanceOf(dev.orkestra.outcome.Outcome.Done.class);
    }

    private static Predicate<ObjectNode> settledAs(String condition) {
        return release -> release.path("status").path("observedGeneration").asLong(-1)
                        == release.path("metadata").path("generation").asLong()
                && ReleaseEngine.isTrue(release, condition);
    }

    private static Predicate<ObjectNode> generation(long generation) {
        return release -> release.path("metadata").path("generation").asLong() == generation;
    }

    private static String reason(ObjectNode release, String condition) {
        return Conditions.find(release, condition)
                .map(each -> each.path("reason").asText())
                .orElse("");
    }

    private static String message(ObjectNode release) {
        return Conditions.find(release, "Ready")
                .map(each -> each.path("message").asText())
                .orElse("");
    }

    private static String transition(ObjectNode release, String condition) {
        return Conditions.find(release, condition)
                .map(each -> each.path("lastTransitionTime").asText())
                .orElse("");
    }

    private static List<Long> revisions(ObjectNode release) {
        return release.path("status")
                .path("history")
                .valueStream()
                .map(each -> each.path("version").asLong())
                .toList();
    }

    private static List<String> records(String name) {
        ObjectNode any = engines.release(name, "1m", "", GOOD);
        return dev.orkestra.outcome.Outcome.Done.class
                                .cast(ReleaseSpec.parse(any))
                                .value()
                        instanceof ReleaseSpec spec
                ? ReleaseRecord.read(engines.cluster, spec).stream()
                        .map(ReleaseRecord::status)
                        .toList()
                : List.of();
    }

    private static String text(String name) {
        return engines.get("v1", "ConfigMap", name + "-page")
                .orElseThrow()
                .path("data")
                .path("index.html")
                .asText();
    }

    private static ObjectNode deployment(String name) {
        return engines.get("apps/v1", "Deployment", name).orElseThrow();
    }
}
