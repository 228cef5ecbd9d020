package dev.orkestra.rules;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long is waited between tries (Orkestra: pkg/utils, RetryDoOptions). */
final class BackoffRules {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int TRIES = 3;
    private static final double MULTIPLIER = 2.0;

    /** More tries than anybody waits for; the sum is long beyond any resync by then. */
    private static final int MOST_TRIES = 10_000;

    /** Where external calls stand, seen from an operatorBox. */
    private static final List<String> CALLS = List.of(
            "preReconcile.external",
            "preReconcile.enqueueGate.external",
            "preReconcile.reconcileGate.external",
            "reconcile.hooks.external");

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "BackoffMaxBelowInitial",
                    "the longest wait between tries is shorter than the first",
                    """
                    The waits begin with initial and never get longer than max, which is 30s when absent. Make max at least as
                    long as initial.""",
                    "Orkestra refuses it as well (validation step 50)",
                    BackoffRules::maxBelowInitial),
            Rule.warning(
                    "BackoffLongerThanResync",
                    "the tries take longer than the time until the next resync",
                    """
                    A resync puts every object into the queue again while the tries of the last round still go on, so work
                    piles up. Take fewer tries or shorter waits, or a longer resync.""",
                    "Orkestra warns as well (validation step 50)",
                    BackoffRules::longerThanResync));

    private BackoffRules() {}

    /**
     * A {@code retryBackoff}.
     *
     * @param holder the queue or the call that it belongs to
     * @param resync of its operator, where that is written
     */
    private record Backoff(Node.MapNode holder, Optional<Duration> resync) {
        private Optional<Duration> time(String key) {
            return TimeSpans.of(holder, "retryBackoff." + key).filter(time -> !time.isZero());
        }

        Duration initial() {
            return TimeSpans.of(holder, "retryBackoff")
                    .or(() -> time("initial"))
                    .filter(time -> !time.isZero())
                    .orElse(FIRST_WAIT);
        }

        Duration max() {
            return time("max").orElse(LONGEST_WAIT);
        }

        /** All waits together when each try fails. */
        Duration sum() {
            double multiplier = Fields.number(holder, "retryBackoff.multiplier")
                    .map(Number::doubleValue)
                    .filter(value -> value > 0)
                    .orElse(MULTIPLIER);
            int tries = Fields.number(holder, "retryBackoff.maxAttempts")
                    .map(value -> (int) Math.min(value.doubleValue(), MOST_TRIES))
                    .filter(value -> value > 0)
                    .orElse(TRIES);
            double max = max().toNanos();
            double delay = initial().toNanos();
            double sum = 0;
            for (int i = 1; i < tries; i++) {
                sum += delay;
                delay = Math.min(delay * multiplier, max);
            }
            return Duration.ofNanos((long) Math.min(sum, Long.MAX_VALUE));
        }
    }

    private static List<Backoff> all(View view) {
        List<Backoff> all = new ArrayList<>();
        Map<String, Optional<Duration>> resyncs = new HashMap<>();
        for (Crd crd : view.crds()) {
            // Targets have none of their own.
            Optional<Duration> resync =
                    TimeSpans.of(crd.node(), "operatorBox.reconcile.resync").filter(time -> !time.isZero());
            resyncs.put(crd.name(), resync);
            for (Node.MapNode box : crd.boxes().values()) {
                Fields.map(box, "reconcile.queue").ifPresent(queue -> add(queue, resync, all));
                CALLS.forEach(path -> Fields.maps(box, path).forEach(call -> add(call, resync, all)));
            }
        }
        for (Hook hook : view.hooks()) {
            Optional<Duration> resync = resyncs.getOrDefault(hook.crd(), Optional.empty());
            Fields.maps(hook.block(), "external").forEach(call -> add(call, resync, all));
        }
        return all;
    }

    private static void add(Node.MapNode holder, Optional<Duration> resync, List<Backoff> all) {
        if (Fields.isSet(holder, "retryBackoff")) {
            all.add(new Backoff(holder, resync));
        }
    }

    private static void maxBelowInitial(View view, Report report) {
        for (Backoff backoff : all(view)) {
            if (backoff.max().compareTo(backoff.initial()) < 0) {
                Node.MapNode block =
                        Fields.map(backoff.holder(), "retryBackoff").orElse(backoff.holder());
                report.at(
                        block,
                        block.entries().containsKey("max")
                                ? "max"
                                : block == backoff.holder() ? "retryBackoff" : "initial",
                        "the first wait, " + GoDuration.text(backoff.initial()) + ", is longer than the longest, "
                                + GoDuration.text(backoff.max()),
                        "make 'max' at least as long as 'initial'");
            }
        }
    }

    private static void longerThanResync(View view, Report report) {
        for (Backoff backoff : all(view)) {
            backoff.resync()
                    .filter(resync -> backoff.max().compareTo(backoff.initial()) >= 0
                            && backoff.sum().compareTo(resync) > 0)
                    .ifPresent(resync -> report.at(
                            backoff.holder(),
                            "retryBackoff",
                            "all tries together wait " + GoDuration.text(backoff.sum())
                                    + ", and the next resync comes after " + GoDuration.text(resync),
                            "take fewer tries or shorter waits, or a longer resync"));
        }
    }
}
