package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.Labels;
import dev.orkestra.apply.RunStore;
import dev.orkestra.apply.Teardown;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What becomes of an environment whose ConfigRepo is deleted. With {@code deletionPolicy: delete} a finalizer holds the
 * ConfigRepo until its objects are gone; with {@code orphan} there is none, and everything stays as it is, the ledger
 * too: a ConfigRepo that is made again finds it. A crash at any point is met by doing the same again.
 */
final class RepoDeletion {
    static final String FINALIZER = "orkestra.dev/config-repo";
    private static final int MOST_SHOWN = 3;

    private final Cluster cluster;
    private final String namespace;
    private final RepoStatus status;
    private final InstantSource clock;

    RepoDeletion(Cluster cluster, String namespace, RepoStatus status, InstantSource clock) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.status = status;
        this.clock = clock;
    }

    /** Puts the finalizer there, or takes it away, as the policy says. Before the first run: it may be killed at once. */
    void guard(ConfigRepo repo, ObjectNode object) {
        boolean wanted = repo.policies().deletion() == ConfigRepo.Deletion.DELETE;
        if (wanted != hasFinalizer(object)) {
            setFinalizer(object, wanted);
        }
    }

    /** Whether the ConfigRepo is being deleted and waits for us. */
    static boolean isDue(ObjectNode object) {
        return RunSignals.isDeleting(object) && hasFinalizer(object);
    }

    /** Whether it waits for us and is to leave everything as it is; the rest of its spec may be as wrong as it likes. */
    static boolean leavesAll(ObjectNode object) {
        return isDue(object)
                && object.path("spec").path("deletionPolicy").asText().equals("orphan");
    }

    /** Lets go of the ConfigRepo; its environment and what is kept of it stay. */
    void letGo(ObjectNode object) {
        setFinalizer(object, false);
    }

    /**
     * Takes the environment away and lets go of the ConfigRepo.
     *
     * @return whether that is done; else a condition says why not, and it is to be tried again
     */
    boolean carryOut(RepoKey key, ConfigRepo repo, ObjectNode object) throws InterruptedException {
        if (repo.policies().deletion() == ConfigRepo.Deletion.ORPHAN) {
            // The way out for whoever has waited enough: what is left stays as it is.
            letGo(object);
            return true;
        }
        try {
            Teardown teardown = new Teardown(
                    cluster.as(new Identity(repo.namespace(), repo.serviceAccountName())),
                    repo,
                    new EnvironmentStore(cluster, namespace, repo),
                    clock);
            status.deleting(key, teardown.objects());
            Teardown.Result result = teardown.remove();
            if (!result.isComplete()) {
                status.trouble(key, stuck(repo, result.left()), false);
                return false;
            }
            teardown.forget();
            new RunStore(cluster).removeAll(key.namespace(), key.name(), repo.label());
            status.deleted(key, result.removed(), shown(result.kept()));
            setFinalizer(object, false);
            return true;
        } catch (EnvironmentStore.DamagedException e) {
            status.trouble(key, Diagnostic.error(ErrorCode.Invalid, e.getMessage(), null, letGo(repo)), true);
            return false;
        } catch (ClusterException e) {
            status.trouble(key, refused(repo, e), e.reason() == ClusterException.Reason.FORBIDDEN);
            return false;
        }
    }

    private static Diagnostic stuck(ConfigRepo repo, Map<ObjectKey, String> left) {
        int more = left.size() - MOST_SHOWN;
        boolean forbidden = left.values().stream().anyMatch(why -> why.contains("forbidden"));
        return Diagnostic.error(
                forbidden ? ErrorCode.Forbidden : ErrorCode.DeadlineExceeded,
                "the environment cannot be removed: "
                        + left.entrySet().stream()
                                .limit(MOST_SHOWN)
                                .map(each -> each.getKey() + ": " + each.getValue())
                                .collect(Collectors.joining("; "))
                        + (more > 0 ? "; and " + more + " more" : ""),
                null,
                (forbidden ? rights(repo) : "it is tried again by itself") + "; " + letGo(repo));
    }

    private static Diagnostic refused(ConfigRepo repo, ClusterException e) {
        return e.reason() == ClusterException.Reason.FORBIDDEN
                ? Diagnostic.error(
                        ErrorCode.Forbidden,
                        "the environment cannot be removed in the name of its service account: " + e.getMessage(),
                        null,
                        rights(repo) + "; " + letGo(repo))
                : Diagnostic.error(ErrorCode.ClusterUnreachable, e.getMessage(), null, "it is tried again by itself");
    }

    private static String rights(ConfigRepo repo) {
        return "give the service account " + repo.namespace() + "/" + repo.serviceAccountName()
                + " its rights back, and the agent the right to act as it";
    }

    private static String letGo(ConfigRepo repo) {
        return "to leave the rest as it is: kubectl -n " + repo.namespace() + " patch configrepo " + repo.name()
                + " --type merge -p '{\"spec\":{\"deletionPolicy\":\"orphan\"}}'";
    }

    private static String shown(List<ObjectKey> kept) {
        int more = kept.size() - MOST_SHOWN;
        return kept.stream().limit(MOST_SHOWN).map(ObjectKey::toString).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static boolean hasFinalizer(ObjectNode object) {
        for (var each : object.path("metadata").path("finalizers")) {
            if (each.asText().equals(FINALIZER)) {
                return true;
            }
        }
        return false;
    }

    /** Under the resourceVersion: others have finalizers too. */
    private void setFinalizer(ObjectNode object, boolean wanted) {
        String namespaceOf = object.path("metadata").path("namespace").asText();
        String name = object.path("metadata").path("name").asText();
        for (int attempt = 1; ; attempt++) {
            ObjectNode now =
                    cluster.get(RepoStatus.CONFIG_REPOS, namespaceOf, name).orElse(null);
            if (now == null || hasFinalizer(now) == wanted || (wanted && RunSignals.isDeleting(now))) {
                return;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            ObjectNode metadata = patch.putObject("metadata");
            metadata.set("resourceVersion", now.path("metadata").path("resourceVersion"));
            ArrayNode finalizers = metadata.putArray("finalizers");
            now.path("metadata").path("finalizers").forEach(each -> {
                if (!each.asText().equals(FINALIZER)) {
                    finalizers.add(each);
                }
            });
            if (wanted) {
                finalizers.add(FINALIZER);
            }
            try {
                cluster.mergePatch(RepoStatus.CONFIG_REPOS, namespaceOf, name, patch, false, Labels.MANAGER);
                return;
            } catch (ClusterException e) {
                if (e.reason() == ClusterException.Reason.NOT_FOUND) {
                    return;
                }
                if (e.reason() != ClusterException.Reason.STALE || attempt == RepoStatus.TRIES) {
                    throw e;
                }
            }
        }
    }
}
