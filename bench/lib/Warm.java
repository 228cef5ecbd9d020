import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the same work takes in a process that has done it before, as the agent has. Run by bench/validate. */
final class Warm {
    private static final int ROUNDS = 60;

    private interface Work {
        int run() throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        System.out.println("| warm, one thread | ms, median of the last third | best |");
        System.out.println("| --- | --- | --- |");
        timed("1,000 Katalogs: read and hold against their schema", () -> validate("katalogs"));
        timed("1,000 small documents: read and hold against their schema", () -> validate("small"));
        timed("overlay of 200 imports: read, compose, every rule", Warm::compose);
    }

    private static void timed(String name, Work work) throws IOException {
        long[] took = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            if (work.run() != 0) {
                throw new IllegalStateException(name + ": there are findings");
            }
            took[i] = (System.nanoTime() - start) / 100_000;
        }
        long[] last = Arrays.copyOfRange(took, 2 * ROUNDS / 3, ROUNDS);
        Arrays.sort(last);
        System.out.printf("| %s | %.1f | %.1f |%n", name, last[last.length / 2] / 10.0, last[0] / 10.0);
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static int validate(String folder) throws IOException {
        int findings = 0;
        for (Path file : files(folder)) {
            for (Document document : DocumentReader.read(file.toString(), Files.readAllBytes(file)).documents()) {
                findings += Schemas.bundled().validate(document).size();
            }
        }
        return findings;
    }

    private static int compose() throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        Path root = Path.of("overlay");
        for (Path file : files("overlay")) {
            contents.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
        Composition composed = Composer.compose(
                ComposeRequest.of("komposer.yaml"), path -> Optional.ofNullable(contents.get(path)));
        return composed instanceof Composition.Composed ? 0 : 1;
    }
}
