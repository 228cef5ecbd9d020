package dev.orkestra.kustomize;

import java.util.Map;
import java.util.Set;

/**
 * What the fields of a kustomization may be. Go reads names of fields in any case ({@code Resources}), so a name that
 * is not written exactly as here is refused: it would be read by kustomize and not by us.
 */
final class KustomizationFields {
    static final Set<String> KUSTOMIZATION = Set.of(
            "apiVersion",
            "kind",
            "metadata",
            "openapi",
            "namePrefix",
            "nameSuffix",
            "namespace",
            "commonLabels",
            "labels",
            "commonAnnotations",
            "patchesStrategicMerge",
            "patchesJson6902",
            "patches",
            "images",
            "imageTags",
            "replacements",
            "replicas",
            "vars",
            "sortOptions",
            "resources",
            "components",
            "crds",
            "bases",
            "configMapGenerator",
            "secretGenerator",
            "generatorOptions",
            "configurations",
            "generators",
            "transformers",
            "validators",
            "buildMetadata");

    /** They start Helm. */
    static final Set<String> HELM = Set.of("helmCharts", "helmGlobals", "helmChartInflationGenerator");

    static final Set<String> REPLACEMENT = Set.of("path", "source", "sourceValue", "targets");

    /** Fields that hold mappings in which a file may be named, and what may stand in those. */
    static final Map<String, Set<String>> NESTED = Map.of(
            "configMapGenerator",
            Set.of("name", "namespace", "behavior", "literals", "files", "envs", "env", "options"),
            "secretGenerator",
            Set.of("name", "namespace", "behavior", "literals", "files", "envs", "env", "options", "type"),
            "patches",
            Set.of("path", "patch", "target", "options"),
            "patchesJson6902",
            Set.of("path", "patch", "target", "options"),
            "replacements",
            REPLACEMENT,
            "openapi",
            Set.of("path"));

    /** Generators and transformers that are part of kustomize; but for the one that starts Helm. */
    static final Set<String> BUILT_IN = Set.of(
            "AnnotationsTransformer",
            "ConfigMapGenerator",
            "HashTransformer",
            "ImageTagTransformer",
            "LabelTransformer",
            "LegacyOrderTransformer",
            "NamespaceTransformer",
            "PatchJson6902Transformer",
            "PatchStrategicMergeTransformer",
            "PatchTransformer",
            "PrefixSuffixTransformer",
            "PrefixTransformer",
            "ReplacementTransformer",
            "ReplicaCountTransformer",
            "SecretGenerator",
            "SortOrderTransformer",
            "SuffixTransformer",
            "ValueAddTransformer");

    /** Fields of those that name files. */
    static final Set<String> PATHS_OF_BUILT_IN = Set.of("path", "paths", "files", "envs", "env", "replacements");

    private KustomizationFields() {}
}
