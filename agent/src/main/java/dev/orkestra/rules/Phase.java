package dev.orkestra.rules;

/** When a hook runs. */
enum Phase {
    CREATE("onCreate"),
    RECONCILE("onReconcile"),
    DELETE("onDelete");

    private final String key;

    Phase(String key) {
        this.key = key;
    }

    /** As it is written. */
    String key() {
        return key;
    }
}
