package dev.orkestra.release;

import dev.orkestra.cluster.Identity;
import dev.orkestra.outcome.Outcome;

/** Finds in whose name a group's releases are carried out (DESIGN.md §5, "Identity"). */
public interface Identities {
    /**
     * The identity of the ApplicationGroup {@code group}: the service account of the ConfigRepo that applied it.
     *
     * @return Terminal with NoIdentity when nobody answers for the group: it is denied, never run as the agent
     */
    Outcome<Identity> ofGroup(String group);
}
