package dev.orkestra.desired;

import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads whether a manifest is a hook (DESIGN.md §4.5). Only what runs to completion can be one: a ConfigMap that is made
 * anew in each run is missing in between, which is why it becomes an ordinary object at the hook's place.
 */
final class HookReader {
    static final String HOOK = "argocd.argoproj.io/hook";
    static final String DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy";
    static final String ON_ROLLBACK = "orkestra.dev/on-rollback";
    static final String HELM_HOOK = "helm.sh/hook";

    private static final Map<String, Wave.Phase> PHASES = new TreeMap<>();
    private static final Map<String, Hook.Removal> POLICIES = Map.of(
            "HookSucceeded", Hook.Removal.SUCCEEDED,
            "HookFailed", Hook.Removal.FAILED,
            "BeforeHookCreation", Hook.Removal.BEFORE_NEXT);
    private static final String SKIP = "Skip";
    private static final Set<String> OF_DELETION = Set.of("PreDelete", "PostDelete");

    static {
        for (Wave.Phase phase : Wave.Phase.values()) {
            PHASES.put(phase.text(), phase);
        }
    }

    private final FileFindings findings;

    HookReader(FileFindings findings) {
        this.findings = findings;
    }

    /** What a manifest's annotations make of it. */
    sealed interface Role {
        /** An object of the environment, in {@code phase} of its layer. */
        record Ordinary(Wave.Phase phase) implements Role {}

        /** A hook in each of {@code phases}; there is at least one. */
        record OfPhases(List<Wave.Phase> phases, Set<Hook.Removal> removed, boolean onRollback) implements Role {}

        /** Nothing is made of it. */
        record LeftOut() implements Role {}
    }

    Role read(Manifest manifest, ObjectKey kind) {
        helm(manifest);
        List<String> types = words(manifest, HOOK);
        if (types.isEmpty()) {
            return new Role.Ordinary(Wave.Phase.SYNC);
        }
        if (types.contains(SKIP)) {
            warn(
                    manifest,
                    kind.kind() + " is marked " + SKIP + ": it is not applied, and it is pruned if it was before",
                    "remove the annotation to have it applied");
            return new Role.LeftOut();
        }
        List<Wave.Phase> phases = phases(manifest, types);
        if (phases.isEmpty()) {
            return new Role.LeftOut();
        }
        if (!endsByItself(manifest, kind)) {
            warn(
                    manifest,
                    "a " + kind.kind() + " does not run to completion, so it is no hook: it is applied as an ordinary"
                            + " object, before what is in its wave of "
                            + ordinary(phases).text(),
                    "remove the annotation and give it a sync wave; hooks are Jobs, Argo Workflows, and Pods whose"
                            + " restartPolicy is not Always");
            return new Role.Ordinary(ordinary(phases));
        }
        selfRemoval(manifest);
        return new Role.OfPhases(phases, removals(manifest), onRollback(manifest));
    }

    /** The first phase: later ones find it there. What waits for a failure must be there before it. */
    private static Wave.Phase ordinary(List<Wave.Phase> phases) {
        Wave.Phase first = phases.getFirst();
        return first == Wave.Phase.SYNC_FAIL ? Wave.Phase.PRE_SYNC : first;
    }

    private List<Wave.Phase> phases(Manifest manifest, List<String> types) {
        Set<Wave.Phase> phases = EnumSet.noneOf(Wave.Phase.class);
        for (String type : types) {
            Wave.Phase phase = PHASES.get(type);
            if (phase != null) {
                phases.add(phase);
            } else if (OF_DELETION.contains(type)) {
                warn(
                        manifest,
                        type + " hooks are not carried out: nothing runs when a ConfigRepo is deleted",
                        "remove it, and do what is needed before you delete the ConfigRepo");
            } else {
                unknown(manifest, HOOK, type, List.of("PreSync", "Sync", "PostSync", "SyncFail", SKIP));
            }
        }
        return List.copyOf(phases);
    }

    private Set<Hook.Removal> removals(Manifest manifest) {
        Set<Hook.Removal> removed = EnumSet.noneOf(Hook.Removal.class);
        for (String word : words(manifest, DELETE_POLICY)) {
            Hook.Removal removal = POLICIES.get(word);
            if (removal == null) {
                unknown(manifest, DELETE_POLICY, word, List.of("BeforeHookCreation", "HookSucceeded", "HookFailed"));
            } else {
                removed.add(removal);
            }
        }
        return removed.isEmpty() ? Set.of(Hook.Removal.BEFORE_NEXT) : removed;
    }

    private boolean onRollback(Manifest manifest) {
        List<String> words = words(manifest, ON_ROLLBACK);
        words.stream()
                .filter(word -> !word.equals("run"))
                .forEach(word -> unknown(manifest, ON_ROLLBACK, word, List.of("run")));
        return words.contains("run");
    }

    private static boolean endsByItself(Manifest manifest, ObjectKey kind) {
        return switch (kind.group() + "/" + kind.kind()) {
            case "batch/Job", "argoproj.io/Workflow" -> true;
            case "/Pod" ->
                manifest.root()
                        .map("spec")
                        .flatMap(spec -> spec.text("restartPolicy"))
                        .filter(policy -> !policy.equals("Always"))
                        .isPresent();
            default -> false;
        };
    }

    private void selfRemoval(Manifest manifest) {
        manifest.root()
                .map("spec")
                .ifPresent(spec -> Hook.SELF_REMOVAL.stream()
                        .filter(field -> spec.get(field).isPresent())
                        .forEach(field -> findings.add(Diagnostic.warning(
                                ErrorCode.HookNotAllowed,
                                field + " is left out of a hook: what has taken itself away cannot tell how it ended",
                                spec.keyPosition(field),
                                "remove it; " + DELETE_POLICY + ": HookSucceeded removes the hook when it has"
                                        + " succeeded"))));
    }

    /** Charts are Helm's, and it runs their hooks itself; in a plain manifest nobody does. */
    private void helm(Manifest manifest) {
        if (manifest.annotation(HELM_HOOK).isPresent()
                && manifest.annotation(HOOK).isEmpty()) {
            findings.add(Diagnostic.warning(
                    ErrorCode.HookNotAllowed,
                    HELM_HOOK
                            + " is read by Helm only; outside of a chart it means nothing, so this is an ordinary object",
                    position(manifest, HELM_HOOK),
                    "write " + HOOK + " in its place"));
        }
    }

    private static List<String> words(Manifest manifest, String annotation) {
        // Other types than text are reported once, with all annotations.
        Optional<String> text = manifest.annotation(annotation)
                .filter(value ->
                        value instanceof Node.ScalarNode(Object scalar, Position _) && scalar instanceof String)
                .map(value -> (String) ((Node.ScalarNode) value).value());
        List<String> words = new ArrayList<>();
        for (String word : text.orElse("").split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }

    private void unknown(Manifest manifest, String annotation, String word, List<String> known) {
        findings.add(Diagnostic.error(
                ErrorCode.WrongValue,
                annotation + " says '" + word + "'; known are: " + String.join(", ", known),
                position(manifest, annotation),
                Suggestions.closest(word, known)
                        .map(close -> "did you mean " + close + "?")
                        .orElse("")));
    }

    private void warn(Manifest manifest, String message, String hint) {
        findings.add(Diagnostic.warning(ErrorCode.HookNotAllowed, message, position(manifest, HOOK), hint));
    }

    private static Position position(Manifest manifest, String annotation) {
        return manifest.metadata()
                .flatMap(metadata -> metadata.map("annotations"))
                .map(all -> all.keyPosition(annotation))
                .orElse(manifest.position());
    }
}
