package dev.orkestra.testing;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What real controllers wrote on a real cluster: every state of one object's life, as a watch delivered it. */
public final class RecordedLives {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordedLives() {}

    /** A HelmRelease's life under Flux's helm-controller 1.6. */
    public static List<ObjectNode> ofFlux(String name) {
        return states(folder("flux").resolve(name + ".jsonl"));
    }

    /** The names of all lives under Flux. */
    public static List<String> ofFlux() {
        return names(folder("flux"));
    }

    /** A Workflow's life under Argo Workflows 4.1; of some there is the end only. */
    public static List<ObjectNode> ofArgo(String name) {
        Path watched = folder("argo").resolve(name + ".jsonl");
        return states(Files.exists(watched) ? watched : folder("argo").resolve(name + ".json"));
    }

    /** The names of all lives under Argo. */
    public static List<String> ofArgo() {
        return names(folder("argo"));
    }

    /** A file is one object, or one a line. */
    private static List<ObjectNode> states(Path file) {
        try (MappingIterator<ObjectNode> states =
                JSON.readerFor(ObjectNode.class).readValues(file.toFile())) {
            return states.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.jsonl?$", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String engine) {
        return Testbed.root().resolve("agent/src/test/resources/lives").resolve(engine);
    }
}
