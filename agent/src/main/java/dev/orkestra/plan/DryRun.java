package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;

/** What the API server answered to a server-side apply that was only asked for. */
public sealed interface DryRun {
    /** It would be applied; {@code object} is what would be stored. */
    record Accepted(ObjectNode object) implements DryRun {}

    /** Fields belong to other managers. */
    record Conflict(List<Owner> owners) implements DryRun {
        public Conflict {
            owners = List.copyOf(owners);
        }
    }

    /**
     * A field and who owns it.
     *
     * @param field path as the server prints it
     */
    record Owner(String field, String manager) {}

    /** The kind is not served. */
    record MissingKind() implements DryRun {}

    /** The namespace is not there. */
    record MissingNamespace() implements DryRun {}

    /**
     * It is refused for nothing but fields that cannot be changed any more.
     *
     * @param fields paths as the server prints them, never empty
     */
    record Immutable(List<String> fields) implements DryRun {
        public Immutable {
            fields = List.copyOf(fields);
        }
    }

    /**
     * The object is refused as it is.
     *
     * @param code Refused, or Forbidden when rights are missing
     * @param message the server's reason; left out for Secrets, whose values it can repeat
     */
    record Refused(ErrorCode code, String message) implements DryRun {}
}
