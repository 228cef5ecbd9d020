package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.source.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the desired state of one environment from the files of a commit. Reads through {@link Tree} only. */
public final class Assembler {
    private Assembler() {}

    /** As the other, within {@link InputLimits#DEFAULTS}, and with nothing from outside the tree. */
    public static AssembleResult assemble(ConfigRepo repo, String commitId, Tree tree, ScopeLookup scopes) {
        return assemble(repo, commitId, tree, scopes, InputLimits.DEFAULTS, Outside.NOTHING);
    }

    /**
     * Reads overlay and layers, checks every document and orders the objects into waves. All findings are collected,
     * and taken as seriously as the settings in the tree's root say; with an error among them there is no state.
     *
     * @param commitId for people; not part of the digest
     * @param scopes scopes of kinds that are not built in, or {@link ScopeLookup#GUESS}
     * @param limits for what is read
     * @param outside answers what is needed from outside the tree
     * @throws dev.orkestra.source.SourceException when the tree cannot be read
     */
    public static AssembleResult assemble(
            ConfigRepo repo, String commitId, Tree tree, ScopeLookup scopes, InputLimits limits, Outside outside) {
        List<Diagnostic> findings = new ArrayList<>();
        RuleSettings settings = CommitRules.of(tree, limits.file(), findings);
        FileFindings ofFiles = new FileFindings(settings, findings);
        LayerReader layers = new LayerReader(tree, limits.file(), outside.kustomize(), ofFiles);
        List<Manifest> manifests = layers.read(repo.layers());
        ObjectRules rules = new ObjectRules(repo, known(scopes, scopesOf(repo, manifests, settings)), ofFiles);
        List<DesiredObject> objects = new ArrayList<>();
        List<Hook> hooks = new ArrayList<>();
        Map<ObjectKey, Position> seen = new HashMap<>();
        Map<ObjectKey, Node.MapNode> sources = new HashMap<>();
        for (Manifest manifest : manifests) {
            rules.accept(manifest).ifPresent(accepted -> {
                hooks.addAll(accepted.hooks());
                accepted.object().ifPresent(object -> {
                    objects.add(object);
                    sources.put(object.key(), manifest.root());
                });
                refuseDuplicate(accepted.key(), accepted.origin(), seen, ofFiles);
            });
        }
        Set<String> files = new HashSet<>(layers.inputs());
        Definitions definitions = new Definitions(ofFiles);
        definitions.addAll(manifests);
        KatalogOverlay overlay = new KatalogOverlay(repo, tree, limits, outside.imports(), settings, findings);
        overlay.compose().ifPresent(composed -> {
            objects.add(composed.configMap());
            refuseDuplicate(composed.configMap().key(), composed.configMap().origin(), seen, ofFiles);
            definitions.addFiles(tree, composed.files(), limits.file());
            definitions.checkFiles(tree, composed.samples(), limits.file());
            files.addAll(composed.samples());
        });
        files.addAll(overlay.files());
        definitions.check(manifests);
        ofFiles.addAll(StateRules.check(objects, hooks, sources));
        ofFiles.end();
        List<Diagnostic> taken = settings.apply(findings);
        if (Diagnostic.anyError(taken)) {
            return new AssembleResult(Optional.empty(), taken, files, Map.of());
        }
        return new AssembleResult(Optional.of(state(commitId, objects, hooks)), taken, files, sources);
    }

    /** The state of {@code objects} without hooks, with its digest. */
    public static DesiredState state(String commitId, List<DesiredObject> objects) {
        return state(commitId, objects, List.of());
    }

    /** The state of {@code objects} and {@code hooks}, with its digest. */
    public static DesiredState state(String commitId, List<DesiredObject> objects, List<Hook> hooks) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode(objects.size());
        objects.stream()
                .sorted(DesiredState.ORDER)
                .forEach(object -> all.addObject()
                        .put("layer", object.wave().layer())
                        .put("phase", object.wave().phase().name())
                        .put("wave", object.wave().number())
                        .put("object", object.digest()));
        hooks.stream()
                .sorted(DesiredState.HOOK_ORDER)
                .forEach(hook -> all.addObject()
                        .put("layer", hook.wave().layer())
                        .put("phase", hook.wave().phase().name())
                        .put("wave", hook.wave().number())
                        .put("hook", hook.digest()));
        return new DesiredState(commitId, objects, hooks, CanonicalJson.digest(all));
    }

    /**
     * The commit has the last word, so that it cannot say of a kind that is there already that it lies elsewhere: what
     * {@code spec.allow.namespaces} means hangs on it. Only a guess comes after it.
     */
    private static ScopeLookup known(ScopeLookup scopes, ScopeLookup ofCommit) {
        return ScopeLookup.BUILT_IN.or(scopes == ScopeLookup.GUESS ? ofCommit.or(scopes) : scopes.or(ofCommit));
    }

    /** What the commit's own CRDs say, those that are applied: their kinds are not served before they are. */
    private static ScopeLookup scopesOf(ConfigRepo repo, List<Manifest> manifests, RuleSettings settings) {
        ObjectRules rules = new ObjectRules(repo, ScopeLookup.BUILT_IN, new FileFindings(settings, new ArrayList<>()));
        Map<String, Boolean> namespaced = new HashMap<>();
        for (Manifest manifest : manifests) {
            boolean isOne = manifest.text("kind")
                            .filter("CustomResourceDefinition"::equals)
                            .isPresent()
                    && manifest.text("apiVersion")
                            .filter(version -> ObjectKey.groupOf(version).equals("apiextensions.k8s.io"))
                            .isPresent();
            if (isOne && rules.accept(manifest).isPresent()) {
                manifest.root().map("spec").ifPresent(spec -> {
                    String kind = spec.map("names")
                            .flatMap(names -> names.text("kind"))
                            .orElse("");
                    spec.text("scope")
                            .ifPresent(scope -> namespaced.put(
                                    spec.text("group").orElse("") + "/" + kind, scope.equals("Namespaced")));
                });
            }
        }
        return (apiVersion, kind) -> Optional.ofNullable(namespaced.get(ObjectKey.groupOf(apiVersion) + "/" + kind));
    }

    /** Never "the last one wins": which of two files is last is nobody's decision. */
    private static void refuseDuplicate(
            ObjectKey key, Position origin, Map<ObjectKey, Position> seen, FileFindings findings) {
        Position first = seen.putIfAbsent(key, origin);
        if (first != null) {
            findings.add(Diagnostic.error(
                    ErrorCode.DuplicateObject,
                    key + " is also written at " + first,
                    origin,
                    "remove one of the two, or give it another name or namespace"));
        }
    }
}
