package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.release.GroupNames;
import java.time.Duration;

/**
 * Writes the pod of a step whose container is not ours. Pure; the same step is always the same pod, so that one that
 * was started before a crash is found again instead of being started twice.
 *
 * <p>The pod lies in the namespace of its release. The namespace of the group's identity is the agent's own, and whoever
 * may create pods there can use the agent's Secrets and service account. It runs as that namespace's default service
 * account, whose token is there only if the template asks for it. What would give it more (another service account,
 * volumes, the host) is not the group's to say: of the Workflow only the container is taken.
 */
final class PodDocument {
    /** Argo's name for the container of a step. */
    static final String CONTAINER = "main";

    static final String WORKFLOW_UID = "orkestra.dev/workflow-uid";
    private static final String WORKFLOW = "workflows.argoproj.io/workflow";
    static final String NODE_ID = "workflows.argoproj.io/node-id";
    private static final String NODE_NAME = "workflows.argoproj.io/node-name";
    private static final int MAX_LABEL = 63;
    /** Neither root nor anyone whom images know. */
    private static final int NOBODY = 65_532;

    private PodDocument() {}

    /**
     * The pod's name: Argo's form, and the Workflow's uid in the hash, since a group's next Workflow has the same name and
     * the same nodes.
     */
    static String name(String workflow, String uid, String template, String node) {
        String hash = Integer.toUnsignedString(WorkflowNode.hash(uid + "/" + node));
        String readable = workflow + "-" + template;
        int room = MAX_LABEL - hash.length() - 1;
        String prefix = readable.length() <= room ? readable : readable.substring(0, room);
        return prefix.replaceAll("[^a-z0-9]+$", "") + "-" + hash;
    }

    /**
     * @param workflow to which the step belongs
     * @param namespace where it runs
     * @param active how long the kubelet lets it run, should nobody else end it
     */
    static ObjectNode of(ObjectNode workflow, WorkflowWalk.Work work, String namespace, Duration active) {
        ObjectKey owner = ObjectKey.of(workflow);
        String uid = workflow.path("metadata").path("uid").asText();
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", name(owner.name(), uid, work.template(), work.name()));
        metadata.put("namespace", namespace);
        ObjectNode labels = metadata.putObject("labels").put(WORKFLOW_UID, uid);
        if (owner.name().length() <= MAX_LABEL) {
            labels.put(WORKFLOW, owner.name());
        }
        for (String kept : new String[] {GroupNames.HERITAGE, GroupNames.OWNER}) {
            JsonNode value = workflow.path("metadata").path("labels").path(kept);
            if (value.isTextual()) {
                labels.put(kept, value.asText());
            }
        }
        metadata.putObject("annotations")
                .put(NODE_ID, work.id())
                .put(NODE_NAME, work.name())
                .put("orkestra.dev/workflow", owner.namespace() + "/" + owner.name());
        if (owner.namespace().equals(namespace)) {
            // Should nobody be there to delete it, the server does. An owner elsewhere would not count.
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", workflow.path("apiVersion").asText())
                    .put("kind", workflow.path("kind").asText())
                    .put("name", owner.name())
                    .put("uid", uid);
        }
        ObjectNode spec = pod.putObject("spec");
        spec.put("restartPolicy", "Never");
        spec.put("automountServiceAccountToken", work.token());
        spec.put("enableServiceLinks", false);
        spec.put("activeDeadlineSeconds", Math.max(1, active.toSeconds()));
        spec.putArray("containers").add(container(work.container()));
        return pod;
    }

    /** Whether {@code pod} is that of the step, and not another one that has its name. */
    static boolean isOf(ObjectNode pod, String uid, WorkflowWalk.Work work) {
        JsonNode metadata = pod.path("metadata");
        return metadata.path("labels").path(WORKFLOW_UID).asText().equals(uid)
                && metadata.path("annotations").path(NODE_ID).asText().equals(work.id());
    }

    private static ObjectNode container(ObjectNode asked) {
        ObjectNode container = asked.deepCopy();
        container.put("name", CONTAINER);
        ObjectNode security = container.path("securityContext") instanceof ObjectNode own
                ? own
                : container.putObject("securityContext");
        if (!security.has("runAsUser") && !security.has("runAsNonRoot")) {
            security.put("runAsNonRoot", true).put("runAsUser", NOBODY);
        }
        if (!security.has("allowPrivilegeEscalation")
                && !security.path("privileged").asBoolean()) {
            security.put("allowPrivilegeEscalation", false);
        }
        if (!security.has("capabilities")) {
            security.putObject("capabilities").putArray("drop").add("ALL");
        }
        if (!security.has("seccompProfile")) {
            security.putObject("seccompProfile").put("type", "RuntimeDefault");
        }
        return container;
    }
}
