package dev.orkestra.desired;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigRepo as the agent reads it: DESIGN.md §7, with its defaults filled in.
 *
 * @param namespace where the resource lives
 * @param name its name
 * @param uid its uid; empty on a laptop
 * @param generation its generation; 0 on a laptop
 * @param overlay path of a Komposer, or empty
 * @param importsSecret Secret in the ConfigRepo's namespace whose keys are the variables that imports of the overlay may
 *     name, or empty
 * @param layers folders of manifests, none inside another
 * @param soak how long the last wave must stay healthy; zero for not at all
 * @param adoption what happens with objects that another tool manages
 * @param suspend why no run starts, or null
 * @param serviceAccountName in whose name everything is done; same namespace
 */
public record ConfigRepo(
        String namespace,
        String name,
        String uid,
        long generation,
        Source source,
        Schedule schedule,
        String overlay,
        String importsSecret,
        List<Layer> layers,
        Deadlines deadlines,
        Duration soak,
        RollbackPolicy rollback,
        Prune prune,
        Adoption adoption,
        @Nullable Suspend suspend,
        String serviceAccountName) {

    /** Label that all applied objects carry; its value is {@link #label()}. */
    public static final String LABEL = "orkestra.dev/config-repo";

    public ConfigRepo {
        layers = List.copyOf(layers);
    }

    /** The value of the label {@code orkestra.dev/config-repo}. */
    public String label() {
        return namespace + "." + name;
    }

    /** The same, with another Komposer. */
    public ConfigRepo withOverlay(String other) {
        return new ConfigRepo(
                namespace,
                name,
                uid,
                generation,
                source,
                schedule,
                other,
                importsSecret,
                layers,
                deadlines,
                soak,
                rollback,
                prune,
                adoption,
                suspend,
                serviceAccountName);
    }

    /**
     * Where the commits come from.
     *
     * @param url http, https or file URL without credentials
     * @param ref full ref name, for example {@code refs/heads/main}
     * @param secretName Secret in the ConfigRepo's namespace with username and password, or empty
     */
    public record Source(String url, String ref, String secretName) {}

    /**
     * How often is looked.
     *
     * @param interval time between fetches
     * @param jitterPercent 0 to 100: how far a fetch may move
     */
    public record Schedule(Duration interval, int jitterPercent) {}

    /**
     * A folder of manifests.
     *
     * @param path relative to the repository's root
     * @param wave wave of the objects that name none
     */
    public record Layer(String path, int wave) {}

    /** How long a wave and a whole run may take. */
    public record Deadlines(Duration wave, Duration run) {}

    /** What happens past a point of no return. */
    public enum RollbackPolicy {
        AUTO,
        HOLD
    }

    /** What happens with an object that exists already and that another tool manages. */
    public enum Adoption {
        REFUSE,
        /** Its fields become ours; never from another ConfigRepo. */
        TAKEOVER
    }

    /**
     * The prune budget: more than max(maxPercent, minObjects) waits for approval.
     *
     * @param maxPercent of the inventory
     * @param minObjects number that is always allowed
     */
    public record Prune(boolean enabled, int maxPercent, int minObjects) {}

    /** No run starts while it holds. */
    public record Suspend(java.time.@Nullable Instant until, String reason) {}
}
