package dev.orkestra.apply;

import dev.orkestra.run.RunEvent;
import java.time.Instant;

/** What the waits of a run listen to: news from outside that does not stand in the cluster's objects. */
public interface Interruptions {
    /** Whether a wait is to be broken off, because the run is to end. */
    boolean breakOff();

    /** Whether the run is to hear of a newer commit before it goes on to wait. */
    boolean hasNewer();

    /**
     * Waits until a person says something about the plan, or there is other news.
     *
     * @return {@link RunEvent.ConsentGiven}, or {@link RunEvent.Woken} for other news
     */
    RunEvent awaitConsent() throws InterruptedException;

    /**
     * Waits until {@code until}, or until there is news, or somebody asks for the next attempt.
     *
     * @return {@link RunEvent.Waited} or, for news, {@link RunEvent.Woken}
     */
    RunEvent awaitUntil(Instant until) throws InterruptedException;
}
