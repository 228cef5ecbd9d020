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
 * @param policies what is done where a choice is left
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
        Policies policies,
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
        return with(other, layers);
    }

    /** The same, with other layers. */
    public ConfigRepo withLayers(List<Layer> others) {
        return with(overlay, others);
    }

    private ConfigRepo with(String otherOverlay, List<Layer> otherLayers) {
        return new ConfigRepo(
                namespace,
                name,
                uid,
                generation,
                source,
                schedule,
                otherOverlay,
                importsSecret,
                otherLayers,
                deadlines,
                soak,
                rollback,
                prune,
                adoption,
                suspend,
                policies,
                serviceAccountName);
    }

    /**
     * Where the commits come from.
     *
     * @param url http, https or file URL without credentials
     * @param ref full ref name, for example {@code refs/heads/main}
     * @param secretName Secret in the ConfigRepo's namespace with username and password, or empty
     * @param webhookSecretName Secret in the ConfigRepo's namespace with the secret of its webhook, or empty: then none is
     *     accepted
     */
    public record Source(String url, String ref, String secretName, String webhookSecretName) {}

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

    /**
     * What is done where a choice is left.
     *
     * @param healthRules rules of kinds that have none of their own, or another one here
     * @param ignored differences that are nobody's business
     * @param allow what a commit may hold
     * @param drift what happens when something else changes our fields
     * @param approval which plans wait for a person
     * @param deletion what becomes of the objects when the ConfigRepo is deleted
     */
    public record Policies(
            List<HealthRule> healthRules,
            List<IgnoredDifference> ignored,
            Allow allow,
            Drift drift,
            Approval approval,
            Deletion deletion) {
        /** As when nothing is written. */
        public static final Policies DEFAULT =
                new Policies(List.of(), List.of(), Allow.ANY, Drift.CORRECT, Approval.NONE, Deletion.ORPHAN);

        public Policies {
            healthRules = List.copyOf(healthRules);
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * When objects of a kind are healthy, in CEL over {@code object}; an empty text is not asked. The names are those of
     * Flux's health check expressions. Asked in the order failed, inProgress, current.
     *
     * @param apiVersion group and version, or the group with a star for the version
     * @param inProgress true while its controller is at work
     * @param failed true when it will not become healthy by itself
     * @param current true when it is healthy; never empty
     */
    public record HealthRule(String apiVersion, String kind, String inProgress, String failed, String current) {}

    /**
     * Fields of some objects that others may change. {@code *} stands for any, and so does an empty namespace or name;
     * the names are those of Argo CD.
     *
     * @param group empty for the core group
     * @param jsonPointers RFC 6901; a star stands for one whole step
     * @param managers field managers: what they own is left to them
     */
    public record IgnoredDifference(
            String group,
            String kind,
            String namespace,
            String name,
            List<String> jsonPointers,
            List<String> managers) {
        public IgnoredDifference {
            jsonPointers = List.copyOf(jsonPointers);
            managers = List.copyOf(managers);
        }
    }

    /**
     * What a commit may hold.
     *
     * @param kinds kinds; empty for all but those of the agent and of RBAC
     * @param namespaces names, or beginnings of names with a star at the end; empty for all
     */
    public record Allow(List<AllowedKind> kinds, List<String> namespaces) {
        public static final Allow ANY = new Allow(List.of(), List.of());

        public Allow {
            kinds = List.copyOf(kinds);
            namespaces = List.copyOf(namespaces);
        }
    }

    /** A kind, or with a star all of a group, or of all groups; the core group is empty. */
    public record AllowedKind(String group, String kind) {}

    /** What happens when something else changes our fields. */
    public enum Drift {
        CORRECT,
        REPORT
    }

    /** Which plans wait for a person. */
    public enum Approval {
        NONE,
        /** Those that replace or remove something, or pass a point of no return. */
        DESTRUCTIVE,
        /** Those that change anything. */
        REQUIRED
    }

    /** What becomes of the objects when the ConfigRepo is deleted. */
    public enum Deletion {
        ORPHAN,
        DELETE
    }
}
