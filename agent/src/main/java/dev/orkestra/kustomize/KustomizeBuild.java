package dev.orkestra.kustomize;

import dev.orkestra.outcome.ErrorCode;

/** Builds what {@link BuildInputs} hold. */
@FunctionalInterface
public interface KustomizeBuild {
    /** For those who have no program. */
    KustomizeBuild NONE = _ -> new Built.Failed(
            ErrorCode.ImportFailed,
            "kustomize is needed to build this folder, and there is none",
            "install kustomize 5, or name the program with --kustomize or in the variable ORK_KUSTOMIZE");

    /** The same inputs give the same objects. Safe for use by several threads. */
    Built build(BuildInputs inputs);

    /** How a build ended. */
    sealed interface Built {
        /**
         * Kustomize made objects.
         *
         * @param yaml a stream of documents, each with the annotation {@code config.kubernetes.io/origin}, whose paths
         *     begin with {@link BuildInputs#PREFIX}
         */
        record Objects(String yaml) implements Built {}

        /**
         * Kustomize refused the folder.
         *
         * @param standardError its words, without the paths of the folder where it ran
         */
        record Refused(String standardError) implements Built {}

        /** Kustomize could not be run, or not to its end. */
        record Failed(ErrorCode code, String message, String hint) implements Built {}
    }
}
