package dev.orkestra.desired;

import dev.orkestra.desired.ConfigRepo.Allow;
import dev.orkestra.desired.ConfigRepo.AllowedKind;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a commit may hold: the lists of {@code spec.allow}, and what no list opens. Judges before anything is planned, so
 * that a service account with too many rights is not the only thing between a commit and the cluster.
 */
public final class AllowRules {
    /** Whoever may write these decides who may do what, so no star means them. */
    private static final Set<String> PROTECTED = Set.of("orkestra.dev", "rbac.authorization.k8s.io");

    /** What the agent remembers; a written one would be believed. */
    private static final Set<String> RECORDS = Set.of("ConfigRun", "ConfigLedger");

    /** Groups of what runs pods: these could mount what the agent keeps in Secrets. */
    private static final Set<String> RUNNING_GROUPS = Set.of("apps", "batch");

    private static final Set<String> RUNNING_KINDS = Set.of("Pod", "PodTemplate", "ReplicationController");

    /** Groups of the lease that says who leads, and of what engines carry out with the service accounts beside it. */
    private static final Set<String> OWN_GROUPS = Set.of(
            "coordination.k8s.io",
            "argoproj.io",
            "helm.toolkit.fluxcd.io",
            "kustomize.toolkit.fluxcd.io",
            "source.toolkit.fluxcd.io");

    private static final Set<String> OWN_KINDS = Set.of("Secret", "ServiceAccount");

    /** As the chart names what it installs. */
    private static final String AGENT = "orkestra-agent";

    private static final String POD_SECURITY = "pod-security.kubernetes.io/";
    private static final String NAMESPACE = "Namespace";

    private final Allow allow;
    private final String ownNamespace;

    public AllowRules(ConfigRepo repo) {
        this.allow = repo.policies().allow();
        this.ownNamespace = repo.namespace();
    }

    /**
     * Why something may not be.
     *
     * @param hint how to mend it
     */
    public record Refusal(String message, String hint) {}

    /** Whether the object with this identity may be applied, or removed. */
    public boolean allows(ObjectKey key) {
        return kind(key.group(), key.kind()).isEmpty() && place(key).isEmpty();
    }

    /** Empty when the kind may be. */
    Optional<Refusal> kind(String group, String kind) {
        String name = group.isEmpty() ? kind : kind + "." + group;
        if (group.equals("orkestra.dev") && RECORDS.contains(kind)) {
            return refused(
                    "the kind " + name + " is the agent's own memory, and never in a config repository", "remove it");
        }
        if (PROTECTED.contains(group) && !isNamed(group, kind)) {
            return refused(
                    "the kind " + name + " is not allowed in a config repository",
                    "agent and RBAC kinds decide who may do what; an administrator applies them");
        }
        if (!allow.kinds().isEmpty() && allow.kinds().stream().noneMatch(each -> means(each, group, kind))) {
            return refused(
                    "the kind " + name + " is not among those that spec.allow.kinds lists",
                    "remove it, or ask whoever owns the ConfigRepo to list it");
        }
        return Optional.empty();
    }

    /** Empty when an object of an allowed kind may be where it is. */
    Optional<Refusal> place(ObjectKey key) {
        boolean isNamespace = key.group().isEmpty() && key.kind().equals(NAMESPACE);
        String namespace = isNamespace ? key.name() : key.namespace();
        if (!allow.namespaces().isEmpty()) {
            if (key.namespace().isEmpty() && !isNamed(key.group(), key.kind())) {
                return refused(
                        "spec.allow.namespaces lists namespaces, and a " + key.kind() + " lies in none",
                        "remove it, or ask whoever owns the ConfigRepo to list this kind by its name");
            }
            if (!namespace.isEmpty() && allow.namespaces().stream().noneMatch(each -> covers(each, namespace))) {
                return refused(
                        "the namespace '" + namespace + "' is not among those that spec.allow.namespaces lists",
                        "use one that is, or ask whoever owns the ConfigRepo to list it");
            }
        }
        boolean isOwnDefinition = key.group().equals("apiextensions.k8s.io")
                && key.kind().equals("CustomResourceDefinition")
                && key.name().endsWith(".orkestra.dev");
        if (isOwnDefinition) {
            return refused(key + " defines what the agent is told and remembers", "its chart installs it");
        }
        boolean ownName = key.name().equals(AGENT) && (namespace.isEmpty() || namespace.equals(ownNamespace));
        boolean isOwn = key.namespace().equals(ownNamespace)
                && (isOf(key, OWN_GROUPS, OWN_KINDS) || !mayRunBeside() && isOf(key, RUNNING_GROUPS, RUNNING_KINDS));
        if (ownName || isOwn || isNamespace && namespace.equals(ownNamespace)) {
            return refused(
                    key + " is, or could act as, a part of the agent, whose namespace is '" + ownNamespace + "'",
                    "use another namespace; the agent itself is installed by an administrator");
        }
        return Optional.empty();
    }

    /** Labels of a Namespace that let its pods do more than {@code restricted} does, by key. */
    Map<String, Refusal> labels(Node.MapNode labels) {
        Map<String, Refusal> refused = new TreeMap<>();
        boolean isPlatform = isNamed("", NAMESPACE) && allow.namespaces().isEmpty();
        labels.entries().forEach((key, entry) -> {
            String harmless = key.endsWith("-version") ? "latest" : "restricted";
            boolean opens = key.startsWith(POD_SECURITY)
                    && !(entry.value() instanceof Node.ScalarNode(Object value, var _) && harmless.equals(value));
            if (opens && !isPlatform) {
                refused.put(
                        key,
                        new Refusal(
                                "the label " + key + " decides what pods may do; only '" + harmless + "' is allowed",
                                "an administrator sets it, or lists Namespace by its name in spec.allow.kinds and no"
                                        + " namespaces"));
            }
        });
        return refused;
    }

    /** An operator runtime may stand beside the agent, where nobody has drawn a line or the line is drawn around both. */
    private boolean mayRunBeside() {
        return allow.equals(Allow.ANY) || allow.namespaces().contains(ownNamespace);
    }

    private static boolean isOf(ObjectKey key, Set<String> groups, Set<String> coreKinds) {
        return groups.contains(key.group()) || key.group().isEmpty() && coreKinds.contains(key.kind());
    }

    private boolean isNamed(String group, String kind) {
        return allow.kinds().contains(new AllowedKind(group, kind));
    }

    private static boolean means(AllowedKind allowed, String group, String kind) {
        return (allowed.group().equals("*") || allowed.group().equals(group))
                && (allowed.kind().equals("*") || allowed.kind().equals(kind));
    }

    private static boolean covers(String pattern, String namespace) {
        return pattern.endsWith("*")
                ? namespace.startsWith(pattern.substring(0, pattern.length() - 1))
                : namespace.equals(pattern);
    }

    private static Optional<Refusal> refused(String message, String hint) {
        return Optional.of(new Refusal(message, hint));
    }
}
