package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Arguments and exit codes of the executors; what they do is shown by {@link ExecutorCommandIT}. */
class ExecutorCommandTest {
    @Test
    void theReferenceOfACustomExecutorSaysWhatItWasCalledWith() {
        assertThat(custom("--spec", "x", "--action", "install", "--data", "eyJmb28iOiJiYXIifQ==", "--timeout", "5m0s"))
                .isEqualTo(new Ran(0, "Install called with data: {\"foo\":\"bar\"}\n", ""));
        assertThat(custom("--action", "delete", "--data", "e30=", "--interval", "1s"))
                .isEqualTo(new Ran(0, "Delete called with data: {}\n", ""));
    }

    @Test
    void aCustomExecutorRefusesWhatIsNotTheContract() {
        assertThat(custom("--action", "install"))
                .isEqualTo(
                        new Ran(
                                1,
                                "",
                                "ork executor custom: --data is empty; give the executor params.data in the ApplicationGroup\n"));
        assertThat(custom("--action", "install", "--data", "%").err()).contains("not base64");
        assertThat(custom("--action", "install", "--data", base64("{")).err()).contains("not JSON");
        assertThat(custom("--data", "e30=").err()).contains("--action must be install or delete, not ''");
        assertThat(custom("--action", "install", "--data", "e30=", "--timeout", "soon")
                        .err())
                .contains("durations");
    }

    @Test
    void wrongArgumentsOfAHelmReleaseStepExitWithOneAsTheOriginalDid() {
        String release = base64(
                "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease," + " metadata: {name: a, namespace: b}}");
        assertThat(helmRelease("--action", "install").err()).contains("--spec is missing");
        assertThat(helmRelease("--spec", "%", "--action", "install").err()).contains("--spec is not base64");
        assertThat(helmRelease("--spec", base64("a: ["), "--action", "install").exitCode())
                .isEqualTo(1);
        assertThat(helmRelease("--spec", release, "--action", "upgrade").err())
                .contains("--action must be install or delete, not 'upgrade'");
        assertThat(helmRelease("--spec", release, "--action", "install", "--timeout", "1d")
                        .err())
                .contains("--timeout must be a positive duration");
        assertThat(helmRelease("--spec", release, "--action", "install", "--interval", "x")
                        .err())
                .contains("--interval must be a duration");
        assertThat(helmRelease("--spec", release, "--action", "install", "--settle", "-1s")
                        .err())
                .contains("--settle must be a duration");
        assertThat(helmRelease("--spec", release, "--action", "install", "--kubeconfig", "/none")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void anUnknownOptionIsAWrongCall() {
        assertThat(helmRelease("--force").exitCode()).isEqualTo(2);
        Ran without = Ran.in(Path.of("."), "executor");
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("name an executor: helmrelease or custom");
    }

    @Test
    void eachExecutorHasHelpAndCompletion() {
        assertThat(Ran.in(Path.of("."), "executor", "helmrelease", "--help").out())
                .contains("--settle", "--interval", "Exit codes:");
        assertThat(Ran.in(Path.of("."), "executor", "--help").out()).contains("helmrelease", "custom");
        assertThat(Ran.in(Path.of("."), "generate-completion").out()).contains("_picocli_ork_executor_helmrelease");
        assertThat(Ran.in(Path.of("."), "help").out()).contains("executor");
    }

    private static Ran custom(String... arguments) {
        return executor("custom", arguments);
    }

    private static Ran helmRelease(String... arguments) {
        return executor("helmrelease", arguments);
    }

    private static Ran executor(String which, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "executor";
        all[1] = which;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Ran.in(Path.of("."), all);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
