package dev.orkestra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets Jazzer look for inputs that break a promise: {@code mvn -Pfuzz -pl agent verify -Dfuzz.minutes=10}. The name keeps it out
 * of all other builds, which do not have Jazzer either. Jazzer's own JUnit extension would put its agent into the JVM
 * of every test, and takes its time from the source.
 */
class LongRun {
    /** Of one input, in seconds: a promise is broken when it takes longer. */
    private static final int SLOWEST = 20;

    @ParameterizedTest
    @EnumSource
    void findsNothing(Corpus corpus) throws IOException, InterruptedException {
        long seconds = Math.round(60 * Double.parseDouble(System.getProperty("fuzz.minutes", "5")));
        Path work = Files.createDirectories(Path.of("target/fuzz").resolve(corpus.label()));
        Path found = Files.createDirectories(work.resolve("found"));
        Path corpusFolder = Files.createDirectories(work.resolve("corpus"));
        Path seeds = Files.createDirectories(work.resolve("seeds"));
        write(corpus.seeds(), seeds);
        forgetMended(corpus, found);
        Path log = work.resolve("log.txt");

        Process jazzer = new ProcessBuilder(
                        command(corpus, seconds, List.of(corpusFolder, seeds, corpus.folder()), found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = jazzer.waitFor(seconds + Duration.ofMinutes(5).toSeconds(), TimeUnit.SECONDS);
        jazzer.destroyForcibly();

        assertThat(ended).as("ended in time, see %s", log).isTrue();
        try (Stream<Path> inputs = Files.list(found)) {
            assertThat(inputs)
                    .as("inputs that break a promise, see %s; mend it and move them to %s", log, corpus.folder())
                    .isEmpty();
        }
        assertThat(jazzer.exitValue()).as("exit code of Jazzer, see %s", log).isZero();
    }

    /** What an earlier run found stays until it keeps all promises. */
    private static void forgetMended(Corpus corpus, Path found) throws IOException {
        List<Path> before;
        try (Stream<Path> inputs = Files.list(found)) {
            before = inputs.toList();
        }
        for (Path input : before) {
            byte[] bytes = Files.readAllBytes(input);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(SLOWEST), () -> corpus.run(bytes), () -> input + " breaks a promise still");
            Files.delete(input);
        }
    }

    private static void write(Map<String, byte[]> seeds, Path folder) throws IOException {
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            Files.write(folder.resolve(seed.getKey().replace('/', '_')), seed.getValue());
        }
    }

    private static List<String> command(Corpus corpus, long seconds, List<Path> inputs, Path found) {
        return Stream.concat(
                        Stream.of(
                                "nice",
                                "-n",
                                "19",
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx1g",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + corpus.target().getName(),
                                "--instrumentation_includes=dev.orkestra.**:org.yaml.snakeyaml.**",
                                "--reproducer_path=" + found.getParent(),
                                "-artifact_prefix=" + found + "/",
                                "-max_total_time=" + seconds,
                                "-timeout=" + SLOWEST,
                                "-report_slow_units=" + SLOWEST,
                                "-rss_limit_mb=3072",
                                "-max_len=8192",
                                "-print_final_stats=1"),
                        inputs.stream().map(Path::toString))
                .toList();
    }
}
