package dev.orkestra.outcome;

/** How much a finding matters. Only {@link #ERROR} stops a run or fails a command. */
public enum Severity {
    ERROR,
    WARNING,
    INFO
}
