package dev.orkestra.imports;

import java.util.Optional;

/**
 * The variables that imports name: the process's environment on a command line, the keys of a Secret in the agent.
 * Values of credentials leave this package only in the request that they are for.
 */
@FunctionalInterface
public interface Variables {
    /** No variable is set. */
    Variables NONE = _ -> Optional.empty();

    /** The value of {@code name}; empty when it is not set. */
    Optional<String> value(String name);
}
