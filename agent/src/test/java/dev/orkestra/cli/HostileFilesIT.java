package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program itself, with the 256 MiB of heap that {@code ./ork} gives it. */
class HostileFilesIT {
    private static final Path ORK =
            Path.of(System.getProperty("orkestra.root", "..")).toAbsolutePath().resolve("ork");

    /** In seconds. Each takes a few at most; this is for a machine that does much else. */
    private static final int DEADLINE = 60;

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String all) {}

    private Ran run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(DEADLINE, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("ended within %d s: %s", DEADLINE, command).isTrue();
        return new Ran(process.exitValue(), Files.readString(output));
    }

    private Ran validate(String file) throws IOException, InterruptedException {
        return run(List.of(ORK.toString(), "validate", "-f", file));
    }

    @ParameterizedTest
    @EnumSource(names = {"HUGE", "LAUGHS", "QUADRATIC", "MERGES", "LINE", "WIDE", "PIPE", "DEVICE", "FLOW_LEVELS"})
    void endsInTimeAndMemory(HostileFile bad) throws IOException, InterruptedException {
        bad.in(folder);

        Ran ran = validate("bad.yaml");

        assertThat(ran.all()).contains(bad.said()).doesNotContain("Exception", "OutOfMemory", "\tat ");
        assertThat(ran.exitCode()).isEqualTo(bad.exitCode());
    }

    @Test
    void aKatalogAsLargeAsTheLimitsAllowEndsInTimeAndMemory() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder(
                "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\n" + "metadata: {name: wide}\nspec:\n  crds:\n");
        for (int i = 0; text.length() < (4 << 20) - 200; i++) {
            text.append("    c" + i + ": {apiTypes: {group: g.io, version: v1, kind: K" + i + ", plural: k" + i
                    + "s}, unknown: 1, dependsOn: [nobody]}\n");
        }
        Files.writeString(folder.resolve("wide.yaml"), text);

        Ran ran = validate("wide.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.all())
                .doesNotContain("Exception", "OutOfMemory", "\tat ")
                .contains("1 file checked:");
    }

    @Test
    void whatMayNotBeReadIsToldFromWhatIsNotThere() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("closed/inner"));
        Files.writeString(folder.resolve("closed/inner/a.yaml"), "a: 1\n");
        Files.writeString(folder.resolve("secret.yaml"), "a: 1\n");
        close(folder.resolve("secret.yaml"));
        close(folder.resolve("closed"));
        try {
            for (String file : List.of("secret.yaml", "closed/inner/a.yaml", "closed/inner", "closed/none.yaml")) {
                Ran ran = run(withoutOverride(List.of(ORK.toString(), "validate", "-f", file)));

                assertThat(ran.all()).contains("permission denied").doesNotContain("no such file", "\tat ");
                assertThat(ran.exitCode()).isEqualTo(2);
            }
        } finally {
            Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static void close(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    }

    /** Root may read everything by two capabilities; without them the bits count for it as for anyone. */
    private static List<String> withoutOverride(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        String both = "-dac_override,-dac_read_search";
        List<String> all = new ArrayList<>(List.of("setpriv", "--bounding-set=" + both, "--inh-caps=" + both));
        all.addAll(command);
        return all;
    }
}
