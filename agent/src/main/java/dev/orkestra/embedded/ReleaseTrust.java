package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.release.ReleaseSeal;
import java.util.function.Predicate;

/**
 * What is believed of a HelmRelease (ADR 13).
 *
 * @param planned whether it is as its group planned it; only then anything is installed for it
 * @param belongs whether its group planned one of this name for this place, whatever was changed in it since; enough
 *     to uninstall it
 */
public record ReleaseTrust(Predicate<ObjectNode> planned, Predicate<ObjectNode> belongs) {
    /** By its seal. */
    public static ReleaseTrust by(ReleaseSeal seal) {
        return new ReleaseTrust(seal::fits, seal::belongs);
    }
}
