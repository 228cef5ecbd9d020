package dev.orkestra.katalog;

/**
 * A kind of mapping in a document in which keys have moved, or below which there are such mappings. What is no such
 * place is free content (labels, data, arguments, the spec of a custom resource) and never looked at.
 */
enum GenerationPlace {
    KATALOG("", "the document"),
    MOTIF("", "a Motif"),
    E2E("", "an E2E"),
    SPEC("spec", "spec"),
    PROFILES("profiles", "profiles"),
    CRD("", "an entry of spec.crds"),
    API_TYPES("apiTypes", "apiTypes"),
    SERVE("serve", "serve"),
    SERVE_TARGET("", "a target of serve"),
    ADMISSION("admission", "admission"),
    RULES("", "admission.validation, admission.mutation"),
    OPERATOR_BOX("operatorBox", "operatorBox"),
    OBSERVE("operatorBox.observe", "operatorBox.observe"),
    CROSS("cross", "an entry of cross"),
    WATCH("", "an entry of watch or events"),
    PRE_RECONCILE("operatorBox.preReconcile", "operatorBox.preReconcile"),
    GATE("", "a gate"),
    RUNTIME("operatorBox.runtime", "operatorBox.runtime"),
    AUTOSCALE("autoscale", "autoscale"),
    RECONCILE("", "operatorBox.reconcile"),
    HOOKS("hooks", "reconcile.hooks"),
    CONSTRUCTOR("constructor", "reconcile.constructor"),
    QUEUE("queue", "reconcile.queue"),
    QUEUE_BEHAVIOUR("queue.behaviour", "queue.behaviour"),
    HOOK_BLOCK("", "onCreate, onReconcile, onDelete, and their groups"),
    MOTIF_RESOURCES("", "resources of a Motif"),
    RESOURCE("", "a resource"),
    RESOURCE_AUTOSCALE("", "autoscale of a resource"),
    RESOURCE_SCALE("", "scaleUp, scaleDown"),
    EMIT("operatorBox.emit", "operatorBox.emit"),
    STATUS("status", "status"),
    E2E_SPEC("spec", "spec of an E2E"),
    /** A mapping with {@code when} and {@code or} and nothing else that moved. */
    CONDITIONS("", "any mapping with conditions");

    private final String label;
    private final String description;

    GenerationPlace(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** What stands before a key of this place in a message; empty where the key alone says enough. */
    String label() {
        return label;
    }

    /** The place in words, for the table of moved keys. */
    String description() {
        return description;
    }

    /** The dotted name of {@code key} in this place. */
    String name(String key) {
        return label.isEmpty() ? key : label + "." + key;
    }
}
