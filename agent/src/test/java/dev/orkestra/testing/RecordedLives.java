package dev.orkestra.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What real controllers wrote on a real cluster: every state of one object's life, as a watch delivered it. */
public final class RecordedLives {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordedLives() {}

    /** A HelmRelease's life under Flux's helm-controller 1.6. */
    public static List<ObjectNode> ofFlux(String name) {
        try {
            List<ObjectNode> states = new ArrayList<>();
            for (String line : Files.readAllLines(folder().resolve(name + ".jsonl"))) {
                states.add((ObjectNode) JSON.readTree(line));
            }
            return states;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all lives under Flux. */
    public static List<String> ofFlux() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString().replace(".jsonl", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        return Testbed.root().resolve("agent/src/test/resources/lives/flux");
    }
}
