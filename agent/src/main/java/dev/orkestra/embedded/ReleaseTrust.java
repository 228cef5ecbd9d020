package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.release.ReleaseSeal;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the engine does with the key of the seals (ADR 13): what is believed of a HelmRelease, and what is not told of it.
 *
 * @param planned whether it is as its group planned it; only then anything is installed for it
 * @param belongs whether its group planned one of this name for this place, whatever was changed in it since; enough
 *     to uninstall it
 * @param confidential the digest of a configuration with values out of Secrets, keyed, so that nobody finds them by
 *     trying; {@code sha256:} and 64 hexadecimal digits
 */
public record ReleaseTrust(
        Predicate<ObjectNode> planned, Predicate<ObjectNode> belongs, Function<ObjectNode, String> confidential) {
    /** By its seal. */
    public static ReleaseTrust by(ReleaseSeal seal) {
        return new ReleaseTrust(
                seal::fits, seal::belongs, parts -> seal.confidential("configuration of a release", parts));
    }
}
