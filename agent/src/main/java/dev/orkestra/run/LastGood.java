package dev.orkestra.run;

/**
 * The newest commit whose last wave was healthy.
 *
 * @param commit full object name
 * @param run number of the run that proved it
 * @param digest digest of its desired state; several commits can have one digest, a revert has
 */
public record LastGood(String commit, int run, String digest) {}
