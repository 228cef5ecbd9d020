package dev.orkestra.apply;

import dev.orkestra.cluster.Cluster;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.PruneResult;
import java.util.ArrayList;
import java.util.List;

/**
 * CRDs in a rollback: one that is there stays as the failed commit made it. Its objects may be stored in its newest
 * version already, and an older definition could not read them (DESIGN.md §4.12).
 */
public final class RollbackDefinitions {
    private RollbackDefinitions() {}

    static boolean isDefinition(ObjectKey key) {
        return key.kind().equals("CustomResourceDefinition") && key.group().equals("apiextensions.k8s.io");
    }

    /** {@code objects} without the CRDs that are there. */
    static List<DesiredObject> absent(Cluster cluster, List<DesiredObject> objects) {
        return objects.stream()
                .filter(object -> !isDefinition(object.key())
                        || cluster.get(
                                        cluster.resourceType(
                                                object.apiVersion(),
                                                object.key().kind()),
                                        "",
                                        object.key().name())
                                .isEmpty())
                .toList();
    }

    /** Whether {@code wanted} is a CRD that a rollback has left as another commit made it. */
    public static boolean isOfAnotherCommit(DesiredObject wanted, Inventory inventory) {
        return isDefinition(wanted.key())
                && inventory
                        .get(wanted.key())
                        .filter(entry -> !entry.isOnlyIntended()
                                && !entry.desiredDigest().equals(wanted.digest()))
                        .isPresent();
    }

    /**
     * {@code removed}, and beside it the CRDs of {@code target}, which the environment went back to, that stayed as
     * another commit made them.
     *
     * @param maker who that was: "this commit"
     */
    static PruneResult left(PruneResult removed, DesiredState target, Inventory inventory, String maker) {
        List<Diagnostic> stayed = target.objects().stream()
                .filter(object -> isOfAnotherCommit(object, inventory))
                .map(object -> Diagnostic.warning(
                        ErrorCode.Held,
                        object.key() + " stays as " + maker + " made it: a definition is never taken back",
                        object.origin(),
                        ""))
                .toList();
        if (stayed.isEmpty()) {
            return removed;
        }
        List<Diagnostic> all = new ArrayList<>(removed.diagnostics());
        all.addAll(stayed);
        return new PruneResult(
                removed.kind() == PruneResult.Kind.COMPLETE ? PruneResult.Kind.INCOMPLETE : removed.kind(),
                removed.removed(),
                removed.left() + stayed.size(),
                all);
    }
}
