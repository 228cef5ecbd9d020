package dev.orkestra.imports;

import java.util.Optional;

/** The environment variables that an import may name. */
@FunctionalInterface
public interface Variables {
    Optional<String> value(String name);
}
