package dev.orkestra.explain;

import dev.orkestra.run.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A ConfigRepo without a run, by the reason of its condition Ready.
 *
 * @param what what it waits for
 * @param until when that ends by itself
 * @param then what happens then, or when nobody does anything
 * @param commands what helps
 */
record Resting(String what, Optional<Instant> until, String then, List<String> commands) {
    static Resting of(Observed observed, String reason, String interval) {
        String name = observed.name();
        String namespace = observed.namespace();
        String sync = "ork sync -n " + namespace + " " + name;
        String again = "it is tried again by itself";
        return switch (reason) {
            case "Good" ->
                plain("it is as the newest commit wants it, and waits for the next one", "it looks every " + interval);
            case "Suspended" -> suspended(observed, namespace, name);
            case "Invalid", "TooLarge", "DuplicateObject" ->
                new Resting(
                        "the newest commit is not valid; it waits for another one",
                        Optional.empty(),
                        "nothing was touched",
                        List.of("ork validate --repo .", lastRun(observed, "-o yaml")));
            case "Held" -> held(observed);
            case "PlanStale", "ApprovalRequired" ->
                new Resting(
                        "a plan waits for a person",
                        Optional.empty(),
                        "nothing is changed until then",
                        List.of(
                                "ork plan -n " + namespace + " --repo . --out plan.json " + name,
                                "ork apply -n " + namespace + " --plan plan.json " + name));
            case "RolledBack" ->
                new Resting(
                        "the newest commit failed and was rolled back; it waits for a commit that mends it",
                        Optional.empty(),
                        "the environment stays on last-good",
                        List.of(lastRun(observed, "-o yaml"), "git revert HEAD && git push"));
            case "RollbackFailed" ->
                new Resting(
                        "last-good did not become healthy again; it waits for a person",
                        Optional.empty(),
                        "nothing more is tried",
                        List.of(lastRun(observed, "-o yaml"), sync));
            case "FetchFailed", "RefNotFound" ->
                new Resting(
                        "Git does not give the commit",
                        Optional.empty(),
                        again,
                        List.of(
                                "git ls-remote "
                                        + observed.configRepo()
                                                .at("/spec/source/url")
                                                .asText(),
                                sync));
            case "AuthenticationFailed" ->
                new Resting(
                        "Git, or the cluster, refuses the credentials",
                        Optional.empty(),
                        again,
                        List.of("kubectl -n " + namespace + " get secret "
                                + observed.configRepo()
                                        .at("/spec/source/secretRef/name")
                                        .asText("git")));
            case "EngineConflict", "OwnedElsewhere" ->
                new Resting(
                        "somebody else drives what it wants to drive",
                        Optional.empty(),
                        "nothing is taken from them",
                        List.of(lastRun(observed, "-o yaml")));
            default -> new Resting("it is not ready: " + reason, Optional.empty(), again, List.of(sync));
        };
    }

    /** By a person's word on all runs, or by a rollback that is to last. */
    private static Resting suspended(Observed observed, String namespace, String name) {
        List<String> resume = List.of("ork resume -n " + namespace + " " + name);
        boolean pinned = observed.configRepo().at("/status/pinned").isObject()
                && !observed.configRepo().at("/spec/suspend").isObject();
        return pinned
                ? new Resting(
                        "it is pinned: somebody went back to a commit that was good",
                        Optional.empty(),
                        "newer commits wait",
                        resume)
                : new Resting(
                        "it is suspended: no run starts",
                        Explainer.instant(observed.configRepo().at("/spec/suspend/until")),
                        "runs start again",
                        resume);
    }

    private static Resting plain(String what, String then) {
        return new Resting(what, Optional.empty(), then, List.of());
    }

    private static Resting held(Observed observed) {
        String message = observed.condition("Ready").path("message").asText();
        return message.contains(Ledger.ON_HOLD)
                ? new Resting(
                        "too many commits failed one after the other; it waits for a person",
                        Optional.empty(),
                        "the environment stays as it is, and no new content is tried",
                        onHold(observed))
                : new Resting(
                        "the newest commit is held; it waits for other content",
                        Optional.empty(),
                        "the environment stays as it is",
                        List.of(lastRun(observed, "-o yaml"), "git revert HEAD && git push"));
    }

    private static List<String> onHold(Observed observed) {
        return List.of(lastRun(observed, "-o yaml"), "ork resume -n " + observed.namespace() + " " + observed.name());
    }

    private static String lastRun(Observed observed, String form) {
        String run = observed.configRepo().at("/status/lastRun").asText("");
        return "kubectl -n " + observed.namespace() + " get configrun" + (run.isEmpty() ? "s" : " " + run + " " + form);
    }
}
