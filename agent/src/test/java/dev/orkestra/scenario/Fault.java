package dev.orkestra.scenario;

/** Something that an agent needs goes away, and comes back. */
interface Fault {
    /** It goes away; no agent works at this moment. */
    void begin();

    /** It comes back. */
    void end();
}
