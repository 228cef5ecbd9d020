package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A Komposer with imports made up at random: files, patterns that import patterns, includes and overrides. */
final class ImportTree implements InputSource {
    private static final String ENTRY = "envs/prod/komposer.yaml";

    private final Random random;
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, Map<String, String>> patterns = new TreeMap<>();
    private final List<String> crds = new ArrayList<>();

    private ImportTree(Random random) {
        this.random = random;
    }

    static ImportTree random(Random random) {
        ImportTree tree = new ImportTree(random);
        tree.files.put(ENTRY, tree.komposer(ENTRY, tree.files, 3));
        return tree;
    }

    ComposeRequest request() {
        return ComposeRequest.of(ENTRY).withLock(LockMode.IGNORED);
    }

    /** A Komposer at {@code path} of {@code place}, which gets the files that it imports. */
    private String komposer(String path, Map<String, String> place, int depth) {
        StringBuilder text = new StringBuilder(Repository.HEAD + "kind: Komposer\nmetadata: {name: k}\nimports:\n");
        int before = crds.size();
        text.append("  files:\n");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String file = folder() + "katalog-" + crds.size() + ".yaml";
            place.put(file, katalog(file, place));
            text.append("    - ").append(RepositoryPath.between(path, file)).append('\n');
        }
        text.append("  registry: [");
        for (int i = depth == 0 ? 0 : random.nextInt(3); i > 0; i--) {
            String name = "shop.test/pattern-" + patterns.size();
            Map<String, String> pattern = new TreeMap<>();
            patterns.put("oci://" + name + "@1", pattern);
            boolean isKomposer = random.nextBoolean();
            if (isKomposer) {
                pattern.put("komposer.yaml", komposer("komposer.yaml", pattern, depth - 1));
            } else {
                pattern.put("katalog.yaml", katalog("katalog.yaml", pattern));
            }
            text.append("{url: \"oci://" + name + ":1\", useKomposer: " + isKomposer + "}, ");
        }
        text.append("]\nspec:\n  crds:\n");
        text.append(crd(path, place));
        for (String crd : List.copyOf(crds.subList(before, crds.size() - 1))) {
            if (random.nextInt(3) == 0) {
                text.append("    " + crd
                        + ":\n      labels: {by: override}\n      operatorBox:\n        reconcile: {workers: "
                        + (1 + random.nextInt(9)) + "}\n");
            }
        }
        return text.toString();
    }

    private String katalog(String path, Map<String, String> place) {
        StringBuilder text = new StringBuilder(
                Repository.HEAD + "kind: Katalog\nmetadata: {name: n" + crds.size() + "}\nspec:\n  crds:\n");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text.append(crd(path, place));
        }
        return text.toString();
    }

    /** A new entry, perhaps with an include and a sample. */
    private String crd(String path, Map<String, String> place) {
        String name = "crd" + crds.size();
        crds.add(name);
        String text = "    " + name + ":\n      apiTypes: {group: shop.test, version: v1, kind: Kind" + name
                + ", plural: " + name + "s}\n      labels: {number: \"" + random.nextInt(100) + "\"}\n";
        if (random.nextBoolean()) {
            return text;
        }
        String file = folder() + "status-" + name + ".yaml";
        place.put(file, "fields: [{path: included, value: \"" + random.nextInt(100) + "\"}]\n");
        return text + "      crFiles: [samples/a.yaml]\n      operatorBox:\n        emit: {status: {include: "
                + RepositoryPath.between(path, file) + ", fields: [{path: own, value: \"1\"}]}}\n";
    }

    private String folder() {
        return List.of("", "base/", "base/shop/", "envs/prod/").get(random.nextInt(4));
    }

    @Override
    public Provided provide(Need need) {
        Provided answer = answers().get(need.key());
        if (answer == null) {
            throw new AssertionError("nothing asks for " + need.key() + " in " + this);
        }
        return answer;
    }

    /** All that can be asked for. */
    Map<String, Provided> answers() {
        Map<String, Provided> answers = new HashMap<>();
        files.forEach((path, text) -> answers.put(path, new Provided.Content(text.getBytes(UTF_8))));
        patterns.forEach((key, contents) -> {
            Map<String, byte[]> bytes = new TreeMap<>();
            contents.forEach((path, text) -> bytes.put(path, text.getBytes(UTF_8)));
            answers.put(key, Provided.Files.of(bytes, "sha256:1"));
        });
        return answers;
    }

    /** The content of a file by the name that positions carry. */
    byte[] text(String shown) {
        Map<String, String> all = new TreeMap<>(files);
        patterns.forEach((key, contents) -> contents.forEach((path, text) -> all.put(key + "/" + path, text)));
        return all.getOrDefault(shown, "").getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return files + " " + patterns;
    }
}
