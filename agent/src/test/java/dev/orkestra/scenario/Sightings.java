package dev.orkestra.scenario;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every version of the objects of some kinds, as watches show it: for what is gone when a test looks, and for what must
 * never have been.
 */
final class Sightings implements AutoCloseable {
    /** Of a length at which it is no word. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{40,}={0,2}");

    private final Cluster cluster;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<Sighting> all = new ArrayList<>();
    private final List<WatchCache> watches = new ArrayList<>();

    private record Sighting(ResourceType type, WatchListener.Change change, ObjectNode object) {
        String uid() {
            return object.path("metadata").path("uid").asText();
        }
    }

    Sightings(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Begins to look at a kind; what is there already is seen too. */
    Sightings of(ResourceType type, String namespace, String labels) throws InterruptedException {
        WatchCache watch = cluster.watch(type, namespace, labels, (change, object) -> add(type, change, object));
        watches.add(watch);
        if (!watch.awaitSynced(Duration.ofSeconds(30))) {
            throw new AssertionError("no list of " + type);
        }
        return this;
    }

    private void add(ResourceType type, WatchListener.Change change, ObjectNode object) {
        lock.lock();
        try {
            all.add(new Sighting(type, change, object));
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Every version of every object of the kind. */
    List<ObjectNode> seen(ResourceType type) {
        lock.lock();
        try {
            return all.stream()
                    .filter(each -> each.type.equals(type))
                    .map(Sighting::object)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a version of any object matches, and returns the first that does. */
    ObjectNode awaitAny(Predicate<ObjectNode> matches, String what, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            int looked = 0;
            while (true) {
                for (; looked < all.size(); looked++) {
                    if (matches.test(all.get(looked).object)) {
                        return all.get(looked).object;
                    }
                }
                if (nanos <= 0) {
                    throw new AssertionError("did not see " + what + " within " + atMost);
                }
                nanos = more.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no object of the kind that matches is left. */
    void awaitNone(ResourceType type, Predicate<ObjectNode> matches, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (true) {
                List<String> left = left(type, matches);
                if (left.isEmpty()) {
                    return;
                }
                if (nanos <= 0) {
                    throw new AssertionError(type.kind() + " still there after " + atMost + ": " + left);
                }
                nanos = more.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<String> left(ResourceType type, Predicate<ObjectNode> matches) {
        Map<String, Sighting> newest = new LinkedHashMap<>();
        all.stream().filter(each -> each.type.equals(type)).forEach(each -> newest.put(each.uid(), each));
        return newest.values().stream()
                .filter(each -> each.change == WatchListener.Change.PRESENT && matches.test(each.object))
                .map(each -> each.object.path("metadata").path("name").asText())
                .toList();
    }

    /** The kinds and names of the objects that had {@code word} in any version, openly or in Base64. */
    List<String> thatHave(String word) {
        lock.lock();
        try {
            return all.stream()
                    .filter(each -> readable(each.object.toString()).contains(word))
                    .map(each -> each.type.kind() + "/"
                            + each.object.path("metadata").path("name").asText())
                    .distinct()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static String readable(String text) {
        Matcher encoded = BASE64.matcher(text);
        return text
                + encoded.results()
                        .map(each -> new String(decoded(each.group()), StandardCharsets.UTF_8))
                        .collect(Collectors.joining());
    }

    private static byte[] decoded(String text) {
        // A word that only looks like Base64 may have any length: up to three letters at the end are left out.
        String letters = text.replace("=", "");
        return Base64.getDecoder().decode(letters.substring(0, letters.length() / 4 * 4));
    }

    @Override
    public void close() {
        watches.forEach(WatchCache::close);
    }
}
