package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans, in two steps, since only the caller can ask the API server: {@link #triage} says which objects need a
 * dry-run, {@link #plan} takes the answers.
 */
public final class Planner {
    private static final TextNode MASK = TextNode.valueOf("***");

    private final ConfigRepo repo;
    private final Inventory inventory;
    private final Map<ObjectKey, ObjectNode> live;
    private final Map<ObjectKey, DryRun> answers;
    private final Map<ObjectKey, Node.MapNode> sources;
    private final Bringers bringers;

    private Planner(
            ConfigRepo repo,
            DesiredState desired,
            Inventory inventory,
            Map<ObjectKey, ObjectNode> live,
            Map<ObjectKey, DryRun> answers,
            Map<ObjectKey, Node.MapNode> sources) {
        this.repo = repo;
        this.inventory = inventory;
        this.live = live;
        this.answers = answers;
        this.sources = sources;
        this.bringers = new Bringers(desired, live);
    }

    /**
     * Sorted by what is known before the API server is asked.
     *
     * @param unchanged nothing is to be done: what we want and what we own are as they were after the last apply
     * @param ask one dry-run each is needed
     * @param deferred cannot be asked yet: their CRD or namespace comes with the same commit
     */
    public record Triage(List<ObjectKey> unchanged, List<DesiredObject> ask, List<ObjectKey> deferred) {
        public Triage {
            unchanged = List.copyOf(unchanged);
            ask = List.copyOf(ask);
            deferred = List.copyOf(deferred);
        }
    }

    /** @param live live objects of {@code desired}, with their managedFields, as far as they are there */
    public static Triage triage(DesiredState desired, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        Bringers bringers = new Bringers(desired, live);
        List<ObjectKey> unchanged = new ArrayList<>();
        List<DesiredObject> ask = new ArrayList<>();
        List<ObjectKey> deferred = new ArrayList<>();
        for (DesiredObject object : desired.objects()) {
            if (isUnchanged(object, inventory, live)) {
                unchanged.add(object.key());
            } else if (bringers.missing(object) != null) {
                deferred.add(object.key());
            } else {
                ask.add(object);
            }
        }
        return new Triage(unchanged, ask, deferred);
    }

    private static boolean isUnchanged(DesiredObject object, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        InventoryEntry entry = inventory.get(object.key()).orElse(null);
        ObjectNode present = live.get(object.key());
        return entry != null
                && present != null
                && entry.desiredDigest().equals(object.digest())
                && entry.uid().equals(present.path("metadata").path("uid").asText())
                && !present.path("metadata").has("deletionTimestamp")
                && entry.ownedDigest().equals(OwnedFields.digest(present, OwnedFields.MANAGER));
    }

    /**
     * The plan, without places of single fields.
     *
     * @param live live objects of {@code desired} and of {@code inventory}, as far as they are there
     * @param answers one for each object that {@link #triage} asks about
     */
    public static Plan plan(
            ConfigRepo repo,
            DesiredState desired,
            Inventory inventory,
            Map<ObjectKey, ObjectNode> live,
            Map<ObjectKey, DryRun> answers) {
        return plan(repo, desired, inventory, live, answers, Map.of());
    }

    /** As above; {@code sources} are the documents of Git, so that each change names the line that causes it. */
    public static Plan plan(
            ConfigRepo repo,
            DesiredState desired,
            Inventory inventory,
            Map<ObjectKey, ObjectNode> live,
            Map<ObjectKey, DryRun> answers,
            Map<ObjectKey, Node.MapNode> sources) {
        Planner planner = new Planner(repo, desired, inventory, live, answers, sources);
        List<PlanStep> steps = desired.objects().stream().map(planner::step).toList();
        List<InventoryEntry> prune = planner.prune(desired);
        return new Plan(desired.commit(), desired.digest(), steps, prune, planner.hash(desired, steps, prune));
    }

    private PlanStep step(DesiredObject object) {
        ObjectNode present = live.get(object.key());
        Optional<Diagnostic> foreign = Ownership.refusal(repo, object, present, inventory);
        if (foreign.isPresent()) {
            return refused(object, foreign.get());
        }
        if (isUnchanged(object, inventory, live)) {
            return step(object, Action.UNCHANGED, List.of(), "");
        }
        DesiredObject missing = bringers.missing(object);
        if (missing != null) {
            return deferred(object, missing);
        }
        DryRun answer = answers.get(object.key());
        if (answer == null) {
            throw new IllegalArgumentException("no dry-run of " + object.key());
        }
        return switch (answer) {
            case DryRun.Accepted(ObjectNode result) -> accepted(object, present, result);
            case DryRun.Conflict(List<DryRun.Owner> owners) -> refused(object, conflict(object, owners));
            case DryRun.MissingKind() -> withoutKind(object);
            case DryRun.MissingNamespace() ->
                refused(
                        object,
                        Diagnostic.error(
                                ErrorCode.NotFound,
                                "the namespace " + object.key().namespace() + " of " + object.key() + " is not there",
                                object.origin(),
                                "create it, or add it to the repository in an earlier wave"));
            case DryRun.Refused(ErrorCode code, String message) -> {
                String reason = isSecret(object.key()) ? "the API server refuses it" : message;
                yield refused(
                        object, Diagnostic.error(code, object.key() + ": " + reason, object.origin(), hint(code)));
            }
        };
    }

    private static String hint(ErrorCode code) {
        return code == ErrorCode.Forbidden
                ? "grant the right to the ConfigRepo's service account, or leave the object out"
                : "correct the manifest";
    }

    private PlanStep accepted(DesiredObject object, @Nullable ObjectNode present, ObjectNode result) {
        if (present == null) {
            return step(object, Action.CREATE, List.of(), "");
        }
        List<FieldChange> changes = OwnedFields.changes(present, result, OwnedFields.MANAGER).stream()
                .map(change -> masked(object.key(), located(object, change)))
                .toList();
        if (!changes.isEmpty()) {
            return step(object, Action.UPDATE, changes, "");
        }
        if (!OwnedFields.sameOwnership(present, result, OwnedFields.MANAGER)) {
            return step(object, Action.UPDATE, List.of(), "no value changes; fields change hands");
        }
        // Without an entry it would never be pruned: applying it writes one.
        return inventory
                        .get(object.key())
                        .filter(entry -> !entry.isOnlyIntended())
                        .isPresent()
                ? step(object, Action.UNCHANGED, List.of(), "")
                : step(object, Action.UPDATE, List.of(), "no value changes; it joins the inventory");
    }

    private FieldChange located(DesiredObject object, FieldChange change) {
        Node.MapNode source = sources.get(object.key());
        return new FieldChange(
                change.path(),
                change.before(),
                change.after(),
                source == null ? object.origin() : FieldOrigins.of(source, change.path()));
    }

    /** Values of a Secret go nowhere, not even into the plan: only that there is a difference. */
    private static FieldChange masked(ObjectKey key, FieldChange change) {
        boolean isValue = change.path().steps().isEmpty()
                || !(change.path().steps().getFirst() instanceof FieldPath.Step.Field(String name))
                || name.equals("data")
                || name.equals("stringData");
        if (!isSecret(key) || !isValue) {
            return change;
        }
        return new FieldChange(
                change.path(),
                change.before() == null ? null : MASK,
                change.after() == null ? null : MASK,
                change.origin());
    }

    private static boolean isSecret(ObjectKey key) {
        return key.kind().equals("Secret") && key.group().isEmpty();
    }

    private static Diagnostic conflict(DesiredObject object, List<DryRun.Owner> owners) {
        String fields = owners.stream()
                .limit(5)
                .map(owner -> owner.field() + " (" + owner.manager() + ")")
                .collect(Collectors.joining(", "));
        String more = owners.size() > 5 ? " and " + (owners.size() - 5) + " more" : "";
        return Diagnostic.error(
                ErrorCode.FieldConflict,
                object.key() + " has fields that others own: " + fields + more,
                object.origin(),
                "leave the fields to them, or annotate the object with " + Ownership.FORCE + ": \"true\"");
    }

    /** A served CRD without this version: the commit's own change of the CRD may bring it. */
    private PlanStep withoutKind(DesiredObject object) {
        DesiredObject definition = bringers.ofKind(object);
        if (definition != null) {
            return deferred(object, definition);
        }
        return refused(
                object,
                Diagnostic.error(
                        ErrorCode.MissingKind,
                        object.apiVersion() + " " + object.key().kind() + " is not served by the cluster",
                        object.origin(),
                        "install its CustomResourceDefinition first, or add it in an earlier wave"));
    }

    private PlanStep deferred(DesiredObject object, DesiredObject bringer) {
        if (bringer.wave().compareTo(object.wave()) > 0) {
            return refused(
                    object,
                    Diagnostic.error(
                            ErrorCode.WaveConflict,
                            object.key() + " is in wave " + object.wave() + ", before " + bringer.key() + " in wave "
                                    + bringer.wave(),
                            object.origin(),
                            "put " + bringer.key() + " into the same wave or an earlier one"));
        }
        return step(object, Action.DEFERRED, List.of(), "until " + bringer.key() + " is there");
    }

    private static PlanStep step(DesiredObject object, Action action, List<FieldChange> changes, String note) {
        return new PlanStep(object.key(), object.wave(), action, object.origin(), changes, note, null);
    }

    private static PlanStep refused(DesiredObject object, Diagnostic reason) {
        return new PlanStep(object.key(), object.wave(), Action.REFUSED, object.origin(), List.of(), "", reason);
    }

    private List<InventoryEntry> prune(DesiredState desired) {
        var wanted = desired.objects().stream().map(DesiredObject::key).collect(Collectors.toSet());
        return inventory.entries().values().stream()
                .filter(entry -> !wanted.contains(entry.key()) && live.containsKey(entry.key()))
                .sorted(Comparator.comparing(InventoryEntry::wave).reversed().thenComparing(InventoryEntry::key))
                .toList();
    }

    /**
     * Over what is done to what. Not over resourceVersions: a status moves them every few seconds, and a plan that
     * somebody approves must not be stale for that.
     */
    private String hash(DesiredState desired, List<PlanStep> steps, List<InventoryEntry> prune) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        all.add(desired.digest());
        for (PlanStep step : steps) {
            if (step.action() != Action.UNCHANGED) {
                ObjectNode entry = all.addObject()
                        .put("object", step.key().toString())
                        .put("action", step.action().name());
                entry.set("seen", seen(step.key()));
                step.changes()
                        .forEach(change -> entry.withArray("changes")
                                .addObject()
                                .put("path", change.path().toString())
                                .<ObjectNode>set("before", change.before())
                                .set("after", change.after()));
            }
        }
        prune.forEach(entry -> all.addObject()
                .put("object", entry.key().toString())
                .put("action", "PRUNE")
                .set("seen", seen(entry.key())));
        return CanonicalJson.digest(all);
    }

    private JsonNode seen(ObjectKey key) {
        ObjectNode present = live.get(key);
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        if (present != null) {
            seen.put(
                    "uid",
                    Objects.requireNonNullElse(
                            present.path("metadata").path("uid").textValue(), ""));
            seen.put("owned", OwnedFields.digest(present, OwnedFields.MANAGER));
        }
        return seen;
    }
}
