package dev.orkestra.drift;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.live.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what is not as it should be, when that has changed, and not too often: a namespace goes object by object. */
final class Telling {
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final ConfigRepo repo;
    private final DriftReport report;
    private List<Drift> drifts = List.of();
    private List<String> unwatched = List.of();
    private Instant toldAt = Instant.MIN;
    private volatile boolean hasTold;

    Telling(ConfigRepo repo, DriftReport report) {
        this.repo = repo;
        this.report = report;
    }

    /** Whether all is told that there is to tell, as far as is known here. */
    boolean hasTold() {
        return hasTold;
    }

    /** Whether what was told last is more than that all is well. */
    synchronized boolean isAnything() {
        return hasTold && !(drifts.isEmpty() && unwatched.isEmpty());
    }

    /** What was told does not hold any more. */
    synchronized void again() {
        hasTold = false;
        toldAt = Instant.MIN;
    }

    /**
     * Tells {@code present} if it is news.
     *
     * @param blind why places cannot be watched
     * @return when it can be told, if that is not now
     */
    synchronized Optional<Instant> tell(List<Drift> present, Map<Place, String> blind, Instant now) {
        List<String> places = blind.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
        if (hasTold && present.equals(drifts) && places.equals(unwatched)) {
            return Optional.empty();
        }
        if (hasTold && now.isBefore(toldAt.plus(BETWEEN))) {
            return Optional.of(toldAt.plus(BETWEEN));
        }
        report.present(repo, present, places);
        drifts = present;
        unwatched = places;
        toldAt = now;
        hasTold = true;
        return Optional.empty();
    }
}
