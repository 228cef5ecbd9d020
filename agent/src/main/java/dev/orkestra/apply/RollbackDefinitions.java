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
final class RollbackDefinitions {
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

    /**
     * {@code removed}, and beside it what of last-good's CRDs stayed as the failed commit made it. The cluster is not
     * whole then, so that the next run looks at each object again.
     */
    static PruneResult left(PruneResult removed, DesiredState lastGood, Inventory inventory) {
        List<Diagnostic> stayed = lastGood.objects().stream()
                .filter(object -> isDefinition(object.key())
                        && inventory
                                .get(object.key())
                                .filter(entry -> !entry.isOnlyIntended()
                                        && !entry.desiredDigest().equals(object.digest()))
                                .isPresent())
                .map(object -> Diagnostic.warning(
                        ErrorCode.Held,
                        object.key() + " stays as this commit made it: a definition is never taken back",
                        object.origin(),
                        ""))
                .toList();
        if (stayed.isEmpty()) {
            return removed;
        }
        List<Diagnostic> all = new ArrayList<>(removed.diagnostics());
        all.addAll(stayed);
        return new PruneResult(PruneResult.Kind.INCOMPLETE, removed.removed(), removed.left() + stayed.size(), all);
    }
}
