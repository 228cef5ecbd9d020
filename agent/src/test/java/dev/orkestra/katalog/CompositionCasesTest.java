package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Composes every folder {@code katalog/compose/<group>/<case>} (see {@link CompositionCase}) and compares with what it
 * says comes of it. {@code mvn test -Dtest=CompositionCasesTest -Dcases.write=true} writes what comes of it now into the
 * folders; look at the difference before you commit it.
 */
class CompositionCasesTest {
    private static final Path CASES = Path.of("src/test/resources/katalog/compose");

    @TestFactory
    Stream<DynamicTest> composes() throws IOException {
        List<Path> folders;
        try (Stream<Path> walk = Files.walk(CASES, 2)) {
            folders = walk.filter(path -> CASES.relativize(path).getNameCount() == 2)
                    .sorted()
                    .toList();
        }
        assertThat(folders).hasSizeGreaterThan(180);
        return folders.stream()
                .map(folder -> DynamicTest.dynamicTest(CASES.relativize(folder).toString(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException {
        CompositionCase composed = new CompositionCase(folder);
        Composition all = Composer.composeWith(composed.request(), composed);
        assertThat(composed.unused())
                .as("lines of needs.txt that nothing asked for")
                .isEmpty();
        Composition single = oneAtATime(composed);
        assertThat(outcome(single)).as("answered one need at a time").isEqualTo(outcome(all));
        if (all instanceof Composition.Composed katalog) {
            everyPlaceIsKnown(katalog);
        }
        Map<String, String> outcome = outcome(all);
        if (Boolean.getBoolean("cases.write")) {
            write(folder, outcome);
            return;
        }
        outcome.forEach((file, text) -> assertThat(text)
                .as("%s of %s (to write it: -Dcases.write=true)", file, folder)
                .isEqualTo(composed.text(file).orElse("")));
    }

    /** The files that say what comes of a case; the empty text for one that should not be there. */
    private static Map<String, String> outcome(Composition composition) {
        String text = "";
        SortedMap<String, Pin> pins = new TreeMap<>();
        List<Diagnostic> findings = switch (composition) {
            case Composition.Composed composed -> {
                text = composed.text();
                pins = composed.pins();
                yield composed.findings();
            }
            case Composition.Refused refused -> refused.findings();
            case Composition.NeedsInput needs -> throw new AssertionError("not answered: " + needs);
        };
        Map<String, String> files = new LinkedHashMap<>();
        files.put("findings.txt", findings.stream().map(each -> each + "\n").collect(Collectors.joining()));
        files.put("expected.yaml", text);
        files.put(
                "pins.txt",
                pins.entrySet().stream()
                        .map(pin -> pin.getKey() + " => " + pin.getValue().digest()
                                + (pin.getValue().resolved().isEmpty()
                                        ? ""
                                        : " @ " + pin.getValue().resolved())
                                + "\n")
                        .collect(Collectors.joining()));
        return files;
    }

    private static void write(Path folder, Map<String, String> outcome) throws IOException {
        for (Map.Entry<String, String> file : outcome.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (file.getValue().isEmpty()) {
                Files.deleteIfExists(path);
            } else {
                Files.write(path, file.getValue().getBytes(UTF_8));
            }
        }
    }

    /** The last need of each round alone: another order in which the files come in. */
    private static Composition oneAtATime(CompositionCase source) {
        ComposeRequest request = source.request();
        Composition answer = Composer.compose(request);
        while (answer instanceof Composition.NeedsInput(List<Need> needs)) {
            Need last = needs.getLast();
            request = request.with(Map.of(last.key(), source.provide(last)));
            answer = Composer.compose(request);
        }
        return answer;
    }

    /** Every value of what was composed stands in a file that was read. */
    private static void everyPlaceIsKnown(Composition.Composed composed) {
        assertThat(places(composed.katalog()).distinct()).isSubsetOf(composed.files());
    }

    private static Stream<String> places(Node node) {
        Stream<String> below = switch (node) {
            case Node.MapNode map ->
                map.entries().values().stream()
                        .flatMap(entry ->
                                Stream.concat(Stream.of(entry.keyPosition().file()), places(entry.value())));
            case Node.ListNode list -> list.items().stream().flatMap(CompositionCasesTest::places);
            case Node.ScalarNode _ -> Stream.of();
        };
        return Stream.concat(Stream.of(node.position().file()), below);
    }
}
