package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Names of presets, by what they are for. */
public final class ProfileNames {
    private ProfileNames() {}

    /** Those that the runtime brings, by the class under which a Katalog declares more. */
    public static SortedMap<String, List<String>> builtIn() {
        SortedMap<String, List<String>> names = new TreeMap<>();
        for (Presets presets : Presets.values()) {
            names.put(presets.declaredUnder().isEmpty() ? "autoscale" : presets.declaredUnder(), presets.builtIn());
        }
        return names;
    }

    /** Those that the document {@code root} declares. */
    static SortedMap<String, List<String>> declared(Node.MapNode root) {
        SortedMap<String, List<String>> names = new TreeMap<>();
        root.map("profiles")
                .ifPresent(profiles -> profiles.entries().keySet().forEach(key -> {
                    List<String> own = Fields.maps(profiles, key).stream()
                            .flatMap(profile -> Fields.text(profile, "name").stream())
                            .toList();
                    if (!own.isEmpty()) {
                        names.put(key, own);
                    }
                }));
        return names;
    }
}
