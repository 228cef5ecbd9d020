package dev.orkestra.katalog;

/** Answers what a composition needs. The answer to a need is the same for as long as one composition lasts. */
@FunctionalInterface
public interface InputSource {
    /** What stands there; trouble is an {@link Provided.Unreadable}, never an exception. */
    Provided provide(Need need);
}
