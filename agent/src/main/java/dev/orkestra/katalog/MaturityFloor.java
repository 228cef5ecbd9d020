package dev.orkestra.katalog;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.CompositionRules;
import java.util.List;

/**
 * How mature a Komposer wants its imports to be.
 *
 * @param floor {@code policy.lifecycle.minMaturity}; empty for none
 */
record MaturityFloor(String floor, List<Diagnostic> findings) {
    static MaturityFloor of(Source komposer, List<Diagnostic> findings) {
        String floor = komposer.root()
                .map("policy")
                .flatMap(policy -> policy.map("lifecycle"))
                .flatMap(lifecycle -> lifecycle.text("minMaturity"))
                .orElse("");
        return new MaturityFloor(floor, findings);
    }

    /** Compares what an import says of itself; one that says nothing is taken as it is. */
    void compare(Source imported, Position position) {
        imported.root()
                .map("lifecycle")
                .flatMap(lifecycle -> lifecycle.text("maturity"))
                .flatMap(maturity ->
                        CompositionRules.maturity(position, imported.location().shown(), maturity, floor))
                .ifPresent(findings::add);
    }
}
