package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Applications as nobody means them, some of which a schema lets through. */
final class Garbage {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "podinfo",
            "../../etc/passwd",
            "--post-renderer=sh",
            "{{inputs.parameters.timeout}}",
            "a b",
            "A",
            "-",
            "\u0001",
            "\uD83D\uDE00",
            "n".repeat(250),
            "null",
            "*",
            "",
            "entry",
            "1.0.0",
            ">=0.0.0 <99 || ***",
            "999999999h",
            "0s",
            "1h1h1h",
            "1µs",
            "http://user:word@127.0.0.1:1/x",
            "http://[::1",
            "oci://127.0.0.1:1/x",
            "https://\u0000",
            "file:///etc/passwd");

    private Garbage() {}

    static ObjectNode application(Random random, String url) {
        ObjectNode application = JSON.objectNode().put("name", text(random));
        maybe(random, () -> application.putArray("dependencies").add(text(random)));
        if (random.nextInt(10) == 0) {
            return application;
        }
        ObjectNode chart = application.withObject("/spec/chart");
        chart.put("url", random.nextBoolean() ? url : text(random)).put("name", text(random));
        maybe(random, () -> chart.put("version", text(random)));
        maybe(
                random,
                () -> chart.putObject("authSecretRef").put("name", text(random)).put("namespace", text(random)));
        ObjectNode release = application.withObject("/spec/release");
        release.put("targetNamespace", random.nextBoolean() ? "checks-poison-ns" : text(random));
        maybe(random, () -> release.put("timeout", text(random)));
        maybe(random, () -> release.put("interval", text(random)));
        maybe(random, () -> release.set("values", any(random, 4)));
        maybe(random, () -> release.putObject("install").put("timeout", text(random)));
        maybe(
                random,
                () -> release.putArray("valuesFrom")
                        .addObject()
                        .put("kind", "Secret")
                        .put("name", text(random))
                        .put("targetPath", text(random)));
        ObjectNode spec = application.withObject("/spec");
        maybe(random, () -> spec.putArray("subcharts").addObject().put("name", text(random)));
        maybe(random, () -> {
            ObjectNode executor = spec.putArray("workflow").addObject().put("name", text(random));
            executor.put("type", List.of("helmrelease", "keptn", "custom").get(random.nextInt(3)));
            executor.set("params", any(random, 2));
            executor.putObject("image").put("name", text(random)).set("command", any(random, 1));
        });
        return application;
    }

    private static void maybe(Random random, Runnable what) {
        if (random.nextInt(4) == 0) {
            what.run();
        }
    }

    private static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static JsonNode any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> JSON.textNode(text(random));
            case 1 -> JSON.numberNode(random.nextLong());
            case 2 -> JSON.numberNode(random.nextGaussian() * 1e300);
            case 3 -> JSON.booleanNode(random.nextBoolean());
            case 4 -> JSON.nullNode();
            case 5 -> JSON.arrayNode().add(any(random, depth - 1)).add(any(random, depth - 1));
            default -> JSON.objectNode().set(text(random), any(random, depth - 1));
        };
    }
}
