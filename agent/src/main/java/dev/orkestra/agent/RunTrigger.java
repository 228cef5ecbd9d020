package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.util.Optional;

/** Whether a look at a ConfigRepo begins a run, and why. */
final class RunTrigger {
    private RunTrigger() {}

    /** Whether {@code newest} is about a commit of another repository: then there is no way from one to the other. */
    static boolean isOfAnotherRepository(RunState newest, ConfigRepo repo) {
        return newest.basis().isKnown()
                && !newest.basis().repository().equals(repo.source().url());
    }

    /**
     * @param configRepo as it is in the cluster
     * @param newest its newest run, which has ended; may be that of an earlier ConfigRepo with its name
     * @param head the commit that its ref names
     * @param webhook whether a webhook has asked for this look
     */
    static Optional<Trigger> of(ObjectNode configRepo, Optional<RunState> newest, String head, boolean webhook) {
        String requested = RunSignals.syncRequested(configRepo);
        if (!requested.isEmpty()
                && !requested.equals(
                        configRepo.path("status").path("handledSync").asText())) {
            return Optional.of(Trigger.SYNC);
        }
        if (newest.isEmpty() || !newest.get().spec().commit().equals(head)) {
            return Optional.of(webhook ? Trigger.WEBHOOK : Trigger.SCHEDULE);
        }
        if (newest.get().phase() == Phase.Held
                && !ResumeRequest.pending(configRepo).isEmpty()) {
            // What stopped it may be over now; if not, it is held again.
            return Optional.of(Trigger.SCHEDULE);
        }
        // Without a generation no run has begun for this very ConfigRepo: it was made again, perhaps otherwise. Where
        // nothing is to be done, such a run ends at once. A run that was given up says nothing about its commit.
        long generation = configRepo.path("metadata").path("generation").asLong();
        long ran = configRepo.path("status").path("runGeneration").asLong(-1);
        boolean stands = ran == generation && newest.get().phase() != Phase.Superseded;
        return stands ? Optional.empty() : Optional.of(Trigger.GENERATION);
    }
}
