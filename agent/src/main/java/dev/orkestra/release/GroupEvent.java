package dev.orkestra.release;

/** An event about a group. */
record GroupEvent(boolean warning, String reason, String message) {
    static GroupEvent error(String message) {
        return new GroupEvent(true, "ReconcileError", message);
    }

    static GroupEvent success(String group) {
        return new GroupEvent(false, "ReconcileSuccess", "Successfully reconciled ApplicationGroup " + group);
    }
}
