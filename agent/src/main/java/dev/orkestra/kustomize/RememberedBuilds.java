package dev.orkestra.kustomize;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers what came of inputs, so that nothing is built again while nothing changes. Only what kustomize built is
 * kept: what failed may have been mended. Thread-safe.
 */
public final class RememberedBuilds implements KustomizeBuild {
    private final KustomizeBuild builder;
    private final int maxCharacters;
    private final Map<String, String> built = new LinkedHashMap<>(16, 0.75f, true);
    private long characters;

    /**
     * Remembers.
     *
     * @param maxCharacters of all that is kept; what was not asked for the longest goes first
     */
    public RememberedBuilds(KustomizeBuild builder, int maxCharacters) {
        this.builder = builder;
        this.maxCharacters = maxCharacters;
    }

    /** Keeps some ten thousand objects. */
    public static RememberedBuilds of(KustomizeBuild builder) {
        return new RememberedBuilds(builder, 16 << 20);
    }

    @Override
    public Built build(BuildInputs inputs) {
        String digest = inputs.digest();
        String known = get(digest);
        if (!known.isEmpty()) {
            return new Built.Objects(known);
        }
        Built result = builder.build(inputs);
        if (result instanceof Built.Objects(String yaml)) {
            keep(digest, yaml);
        }
        return result;
    }

    private synchronized String get(String digest) {
        return built.getOrDefault(digest, "");
    }

    private synchronized void keep(String digest, String yaml) {
        if (yaml.isEmpty() || yaml.length() > maxCharacters || built.putIfAbsent(digest, yaml) != null) {
            return;
        }
        characters += yaml.length();
        var oldest = built.entrySet().iterator();
        while (characters > maxCharacters && oldest.hasNext()) {
            characters -= oldest.next().getValue().length();
            oldest.remove();
        }
    }
}
