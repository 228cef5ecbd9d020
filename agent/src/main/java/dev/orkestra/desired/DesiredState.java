package dev.orkestra.desired;

import dev.orkestra.document.ObjectKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that a commit wants in one environment.
 *
 * @param commit full object name of the commit, for people; not part of the digest
 * @param objects in wave order, then by key; no two with one key
 * @param digest {@code sha256:…} over waves and objects: the identity of the content (DESIGN.md §4.5)
 */
public record DesiredState(String commit, List<DesiredObject> objects, String digest) {
    /** The order of {@link #objects}. */
    public static final Comparator<DesiredObject> ORDER =
            Comparator.comparing(DesiredObject::wave).thenComparing(DesiredObject::key);

    public DesiredState {
        objects = objects.stream().sorted(ORDER).toList();
    }

    /** The waves that hold objects, in order. */
    public List<Wave> waves() {
        return objects.stream().map(DesiredObject::wave).distinct().toList();
    }

    public List<DesiredObject> inWave(Wave wave) {
        return objects.stream().filter(object -> object.wave().equals(wave)).toList();
    }

    public Optional<DesiredObject> find(ObjectKey key) {
        return objects.stream().filter(object -> object.key().equals(key)).findFirst();
    }
}
