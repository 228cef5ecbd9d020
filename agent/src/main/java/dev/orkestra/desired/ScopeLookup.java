package dev.orkestra.desired;

import java.util.Optional;

/** Tells whether objects of a kind live in namespaces. */
@FunctionalInterface
public interface ScopeLookup {
    /** The kinds that every Kubernetes serves, and those whose CRDs the agent brings; enough for a laptop. */
    ScopeLookup BUILT_IN = new BuiltInScopes();

    /** Where no cluster can be asked: most kinds that nothing else knows live in namespaces. */
    ScopeLookup GUESS = (_, _) -> Optional.of(true);

    /** True: in namespaces. False: in the cluster. Empty: the kind is not known here. */
    Optional<Boolean> namespaced(String apiVersion, String kind);

    /** This lookup, and {@code next} for what it does not know. */
    default ScopeLookup or(ScopeLookup next) {
        return (apiVersion, kind) -> namespaced(apiVersion, kind).or(() -> next.namespaced(apiVersion, kind));
    }
}
