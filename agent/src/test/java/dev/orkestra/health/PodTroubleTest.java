package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.parse;
import static dev.orkestra.health.HealthCases.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PodTroubleTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void tellsAPodsTroubleInItsOwnWords(String words, String status) {
        assertThat(Health.podTrouble(parse(pod(status)))).hasValue(words);
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(
                        "Container web: ImagePullBackOff: Back-off pulling image \"nowhere/web:9\"",
                        "{phase: 'Pending', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                                + " 'ImagePullBackOff', message: 'Back-off pulling image \"nowhere/web:9\"'}}}]}"),
                Arguments.of(
                        "Container init: ErrImagePull: no such host",
                        "{phase: 'Pending', initContainerStatuses: [{name: 'init', state: {waiting: {reason:"
                                + " 'ErrImagePull', message: 'no such host'}}}], containerStatuses: [{name: 'web',"
                                + " state: {waiting: {reason: 'PodInitializing'}}}]}"),
                Arguments.of(
                        "Container web: CrashLoopBackOff: back-off 10s (last exit code 137: OOMKilled)",
                        "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                                + " 'CrashLoopBackOff', message: 'back-off 10s'}}, lastState: {terminated: {exitCode:"
                                + " 137, reason: 'OOMKilled'}}}]}"),
                Arguments.of(
                        "Container web ended with exit code 1",
                        "{phase: 'Running', containerStatuses: [{name: 'web', state: {terminated: {exitCode: 1,"
                                + " reason: 'Error'}}}]}"),
                Arguments.of(
                        "Pod can't be scheduled: Unschedulable: 0/1 nodes are available",
                        "{phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason:"
                                + " 'Unschedulable', message: '0/1 nodes are available'}]}"));
    }

    @Test
    void findsNoTroubleInAPodThatStarts() {
        String status = "{phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'True'}],"
                + " containerStatuses: [{name: 'web', state: {waiting: {reason: 'ContainerCreating'}}}]}";

        assertThat(Health.podTrouble(parse(pod(status)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                InvalidImageName | couldn't parse image name "ork.local/Bad:1": repository name (Bad) must be lowercase | IMAGE_IMPOSSIBLE
                ErrImageNeverPull | Container image "a" is not present with pull policy of Never | IMAGE_IMPOSSIBLE
                ErrImagePull | failed to pull and unpack image "a:9": a:9: not found | IMAGE_REFUSED
                ImagePullBackOff | Back-off pulling image "a:9": ErrImagePull: failed to resolve reference "a:9": a:9: not found | IMAGE_REFUSED
                ErrImagePull | pull access denied, repository does not exist or may require authorization | IMAGE_REFUSED
                ErrImagePull | failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized | IMAGE_REFUSED
                ErrImagePull | no match for platform in manifest: not found | IMAGE_REFUSED
                ErrImagePull | dial tcp: lookup ork.local: Temporary failure in name resolution | IMAGE_UNREACHABLE
                ErrImagePull | dial tcp 10.0.0.1:443: i/o timeout | IMAGE_UNREACHABLE
                ErrImagePull | unexpected status from HEAD request to "https://a/not-found": 503 Service Unavailable | IMAGE_UNREACHABLE
                ErrImagePull | toomanyrequests: You have reached your pull rate limit | IMAGE_UNREACHABLE
                ErrImagePull | failed to fetch token: 401 Unauthorized after 502 Bad Gateway | IMAGE_UNREACHABLE
                ErrImagePull | dial tcp: lookup regsitry.example: no such host | IMAGE_UNCLEAR
                ErrImagePull | unexpected media type in "denied/not found:1" | IMAGE_UNCLEAR
                ImagePullBackOff | Back-off pulling image "unauthorized:1" | IMAGE_UNCLEAR
                CreateContainerConfigError | configmap "absent" not found | CONTAINER
                CrashLoopBackOff | back-off 10s | CRASH_LOOP
                RunContainerError | exec: "nothere": executable file not found in $PATH | CRASH_LOOP
                SomethingNew | whatever | OTHER
                """)
    void tellsWhoIsToBlame(String reason, String message, PodTrouble.Kind kind) {
        assertThat(WaitingReasons.kind(reason, message)).hasValue(kind);
    }

    /** Whoever asks for its log as the message of its end may have secrets in there. */
    @Test
    void neverTellsALineOfALog() {
        String end = "containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState:"
                + " {terminated: {exitCode: 1, reason: 'Error', message: 'password=hunter2'}}}]}}";
        String pod = "{kind: 'Pod', spec: {containers: [{name: 'web', terminationMessagePolicy: 'POLICY'}]}, status: {";

        assertThat(Health.podTrouble(parse(pod.replace("POLICY", "FallbackToLogsOnError") + end)))
                .hasValue("Container web: CrashLoopBackOff (last exit code 1)");
        assertThat(Health.podTrouble(parse(pod.replace("POLICY", "File") + end)).orElseThrow())
                .contains("hunter2");
    }
}
