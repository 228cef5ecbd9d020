package dev.orkestra.crd;

import java.util.Optional;

/**
 * A version of a custom resource.
 *
 * @param schema what its resources look like; empty when the definition does not say
 */
record Version(String name, boolean served, boolean storage, Optional<Schema> schema) {}
