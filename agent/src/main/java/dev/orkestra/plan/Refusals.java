package dev.orkestra.plan;

import dev.orkestra.desired.DesiredObject;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;

/** Why an object cannot be applied, in words that say how to mend it. */
final class Refusals {
    private static final int MOST_FIELDS = 5;

    private Refusals() {}

    static Diagnostic conflict(DesiredObject object, List<DryRun.Owner> owners) {
        String fields = owners.stream()
                .limit(MOST_FIELDS)
                .map(owner -> owner.field() + " (" + owner.manager() + ")")
                .collect(Collectors.joining(", "));
        String more = owners.size() > MOST_FIELDS ? " and " + (owners.size() - MOST_FIELDS) + " more" : "";
        return Diagnostic.error(
                ErrorCode.FieldConflict,
                object.key() + " has fields that others own: " + fields + more,
                object.origin(),
                "leave the fields to them (spec.ignoreDifferences of the ConfigRepo), or annotate the object with "
                        + Ownership.FORCE + ": \"true\"");
    }

    static Diagnostic missingNamespace(DesiredObject object) {
        return Diagnostic.error(
                ErrorCode.NotFound,
                "the namespace " + object.key().namespace() + " of " + object.key() + " is not there",
                object.origin(),
                "create it, or add it to the repository in an earlier wave");
    }

    static Diagnostic missingKind(DesiredObject object) {
        return Diagnostic.error(
                ErrorCode.MissingKind,
                object.apiVersion() + " " + object.key().kind() + " is not served by the cluster",
                object.origin(),
                "install its CustomResourceDefinition first, or add it in an earlier wave");
    }

    static Diagnostic tooEarly(DesiredObject object, DesiredObject bringer) {
        return Diagnostic.error(
                ErrorCode.WaveConflict,
                object.key() + " is in wave " + object.wave() + ", before " + bringer.key() + " in wave "
                        + bringer.wave(),
                object.origin(),
                "put " + bringer.key() + " into the same wave or an earlier one");
    }

    static Diagnostic refused(DesiredObject object, ErrorCode code, String message) {
        String reason = SecretMask.isSecret(object.key()) ? "the API server refuses it" : message;
        return Diagnostic.error(code, object.key() + ": " + reason, object.origin(), hint(code));
    }

    /** The fields are named, as they are names; the server's own text may hold values. */
    static Diagnostic immutable(DesiredObject object, List<String> fields) {
        return Diagnostic.error(
                ErrorCode.Refused,
                object.key() + ": " + (fields.size() == 1 ? "a field" : "fields") + " that cannot be changed: "
                        + String.join(", ", fields),
                object.origin(),
                Replacement.isEverAllowed(object.key())
                        ? "to let it be deleted and created again, annotate it with " + Replacement.ANNOTATION
                                + ": Replace=true; else put back the old value, or give it another name"
                        : "put back the old value, or give it another name; a "
                                + object.key().kind() + " is never deleted and created again by itself");
    }

    private static String hint(ErrorCode code) {
        return code == ErrorCode.Forbidden
                ? "grant the right to the ConfigRepo's service account, or leave the object out"
                : "correct the manifest";
    }
}
