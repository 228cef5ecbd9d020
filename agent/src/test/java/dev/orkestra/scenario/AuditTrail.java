package dev.orkestra.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the API server has carried out since some moment, from its own audit log: a witness that needs no word of the
 * agent's. Only writes that succeeded count; dry-runs and what was refused changed nothing.
 */
final class AuditTrail {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");
    private static final int CREATED = 201;
    private static final Pattern HELM_RECORD =
            Pattern.compile("sh\\.helm\\.release\\.v1\\.(?:[0-9a-f]{10}-)?(?<release>.+)\\.v(?<revision>\\d+)");
    /** What an environment's objects are. Instances of hooks, which are Jobs, go as their policy says; Secrets are Helm's. */
    private static final List<String> OBJECTS =
            List.of("namespaces", "configmaps", "services", "deployments", "applicationgroups", "helmreleases");

    private static final List<String> ONCE =
            Stream.concat(OBJECTS.stream(), Stream.of("jobs")).toList();

    private final Path log;
    private final List<Write> writes = new ArrayList<>();
    private long position;

    /** One write that was carried out; {@code created}: the object was not there before, whatever the verb. */
    private record Write(String verb, String resource, String namespace, String name, boolean created) {
        boolean isIn(String where) {
            return namespace.equals(where) || namespace.isEmpty();
        }
    }

    private AuditTrail(Path log, long position) {
        this.log = log;
        this.position = position;
    }

    /** What is carried out from now on. */
    static AuditTrail from(Path log) {
        try {
            return new AuditTrail(log, Files.size(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of {@code log}. */
    static AuditTrail of(Path log) {
        return new AuditTrail(log, 0).readOn();
    }

    /** Takes up what was written since. */
    AuditTrail readOn() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            if (file.length() < position) {
                throw new IllegalStateException("the audit log was turned over, so it tells no whole story");
            }
            byte[] bytes = new byte[Math.toIntExact(file.length() - position)];
            file.seek(position);
            file.readFully(bytes);
            int end = bytes.length;
            // The line that is just being written is left for the next time.
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            position += end;
            new String(bytes, 0, end, StandardCharsets.UTF_8).lines().forEach(this::take);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(String line) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not an audit event: " + line, e);
        }
        JsonNode object = event.path("objectRef");
        int code = event.path("responseStatus").path("code").asInt();
        boolean carriedOut = WRITES.contains(event.path("verb").asText())
                && event.path("stage").asText().equals("ResponseComplete")
                && code >= 200
                && code < 300
                && !object.has("subresource")
                && !event.path("requestURI").asText().contains("dryRun=");
        if (carriedOut) {
            writes.add(new Write(
                    event.path("verb").asText(),
                    object.path("resource").asText(),
                    object.path("namespace").asText(),
                    object.path("name").asText(),
                    code == CREATED));
        }
    }

    /** Name → how often an object of this name was made. */
    private Map<String, Integer> made(String resource, String namespace) {
        return count(write -> write.resource().equals(resource) && write.isIn(namespace) && write.created());
    }

    /** Name → how often it was deleted. */
    private Map<String, Integer> deleted(String resource, String namespace) {
        return count(write -> write.resource().equals(resource)
                && write.isIn(namespace)
                && write.verb().equals("delete"));
    }

    private Map<String, Integer> count(Predicate<Write> which) {
        Map<String, Integer> count = new TreeMap<>();
        writes.stream().filter(which).forEach(write -> count.merge(write.name(), 1, Integer::sum));
        return count;
    }

    /** The instances of hooks that were made. */
    Set<String> jobs(String namespace) {
        return made("jobs", namespace).keySet();
    }

    /**
     * What must never be: a hook whose work was begun twice, an object that was made twice, and one that was deleted
     * though nobody may, each in words. An object that was made anew has another uid.
     *
     * @param mayGo {@code resource/name} of what is deleted with good reason
     */
    List<String> faults(String namespace, Set<String> mayGo) {
        List<String> faults = new ArrayList<>();
        for (String resource : ONCE) {
            made(resource, namespace).forEach((name, times) -> {
                if (times > 1) {
                    faults.add(resource + "/" + name + " was made " + times + " times");
                }
            });
        }
        deletions(namespace).keySet().stream()
                .filter(object -> !mayGo.contains(object))
                .forEach(object -> faults.add(object + " was deleted"));
        return faults;
    }

    /** {@code resource/name} of the environment's objects that were deleted → how often. */
    Map<String, Integer> deletions(String namespace) {
        Map<String, Integer> deletions = new TreeMap<>();
        for (String resource : OBJECTS) {
            deleted(resource, namespace).forEach((name, times) -> deletions.put(resource + "/" + name, times));
        }
        return deletions;
    }

    /** Release → the highest revision that Helm ever made of it, dropped again or not. */
    Map<String, Integer> revisions(String namespace) {
        Map<String, Integer> newest = new TreeMap<>();
        made("secrets", namespace).forEach((name, _) -> {
            Matcher record = HELM_RECORD.matcher(name);
            if (record.matches()) {
                newest.merge(record.group("release"), Integer.valueOf(record.group("revision")), Math::max);
            }
        });
        return newest;
    }

    /** How many of Helm's records were taken away and made again: operations that died and were done once more. */
    int recovered(String namespace) {
        return made("secrets", namespace).entrySet().stream()
                .filter(each -> HELM_RECORD.matcher(each.getKey()).matches())
                .mapToInt(each -> each.getValue() - 1)
                .sum();
    }
}
