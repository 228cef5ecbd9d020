package dev.orkestra.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Document;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real API server takes and refuses the same definitions and resources as {@link CustomResourceDefinition}. */
class CrdValidationIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws Exception {
        List<String> apply = new ArrayList<>(List.of("apply"));
        List<String> wait = new ArrayList<>(List.of("wait", "--for=condition=Established", "--timeout=30s"));
        for (String topic : CrdFixtures.TOPICS) {
            apply.addAll(List.of("-f", file(topic + "/crd.yaml")));
            wait.addAll(List.of("-f", file(topic + "/crd.yaml")));
        }
        kubectl(apply);
        kubectl(wait);
    }

    @AfterAll
    static void remove() throws Exception {
        List<String> delete = new ArrayList<>(List.of("delete", "--ignore-not-found", "--wait=false"));
        CrdFixtures.TOPICS.forEach(topic -> delete.addAll(List.of("-f", file(topic + "/crd.yaml"))));
        kubectl(delete);
    }

    @Test
    void theApiServerTakesAndRefusesTheSameResources() throws Exception {
        List<String> create = new ArrayList<>(List.of("create", "--dry-run=server", "--validate=strict"));
        Set<String> taken = new TreeSet<>();
        int all = 0;
        for (String topic : CrdFixtures.TOPICS) {
            create.addAll(List.of("-f", file(topic + "/resources.yaml")));
            CustomResourceDefinition definition = CrdFixtures.definition(topic);
            for (Document resource : CrdFixtures.documents(topic + "/resources.yaml")) {
                all++;
                if (!CrdFixtures.isRefused(definition.validate(resource))) {
                    taken.add(definition.kind().toLowerCase(java.util.Locale.ROOT) + "/" + CrdFixtures.name(resource));
                }
            }
        }
        assertThat(all).isGreaterThan(100);
        assertThat(created(create)).isEqualTo(taken);
    }

    @Test
    void theApiServerTakesAndRefusesTheSameDefinitions() throws Exception {
        Set<String> taken = new TreeSet<>();
        for (Document document : CrdFixtures.documents("definitions/definitions.yaml")) {
            CustomResourceDefinition definition =
                    CustomResourceDefinition.of(document).orElseThrow();
            if (!CrdFixtures.isRefused(definition.findings())) {
                taken.add("customresourcedefinition/" + CrdFixtures.name(document));
            }
        }
        List<String> create =
                List.of("create", "--dry-run=server", "--validate=strict", "-f", file("definitions/definitions.yaml"));
        assertThat(created(create)).isEqualTo(taken);
    }

    /** The resources that were created, as {@code kind/name}. */
    private static Set<String> created(List<String> arguments) throws Exception {
        return kubectl(arguments).stream()
                .filter(line -> line.contains(" created"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .map(line -> line.substring(0, line.indexOf('.')) + line.substring(line.indexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String file(String name) {
        return CrdFixtures.FOLDER.resolve(name).toString();
    }

    /** What kubectl prints on its standard output; it goes on after what is refused. */
    private static List<String> kubectl(List<String> arguments) throws IOException, InterruptedException {
        Testbed testbed = Testbed.shared();
        Path output = Files.createTempFile(folder, "kubectl", ".txt");
        Path errors = Files.createTempFile(folder, "kubectl", ".err");
        List<String> command = new ArrayList<>(List.of(
                testbed.kubectl().toString(),
                "--kubeconfig",
                testbed.adminKubeconfig().toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("kubectl did not end in time: " + Files.readString(errors));
        }
        return Files.readAllLines(output);
    }
}
