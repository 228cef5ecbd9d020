package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupRules;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns a document into the object that is applied, or says why it may not be. */
final class ObjectRules {
    static final String REMEDIATION = "orkestra.dev/remediation";
    private static final String DEFAULT_NAMESPACE = "default";
    /** What the API server takes of any name. */
    private static final int MAX_NAME = 253;

    /** The limit that an API server's store sets on one object (etcd, 1.5 MiB). */
    private static final int MAX_OBJECT_BYTES = 1_572_864;

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Set<String> SET_BY_SERVER = Set.of(
            "managedFields",
            "resourceVersion",
            "uid",
            "generation",
            "selfLink",
            "deletionTimestamp",
            "ownerReferences");

    private final ConfigRepo repo;
    private final ScopeLookup scopes;
    private final FileFindings findings;
    private final WaveReader waves;
    private final AllowRules allow;
    private final HookReader hooks;

    ObjectRules(ConfigRepo repo, ScopeLookup scopes, FileFindings findings) {
        this.repo = repo;
        this.scopes = scopes;
        this.findings = findings;
        this.waves = new WaveReader(findings);
        this.allow = new AllowRules(repo);
        this.hooks = new HookReader(findings);
    }

    /**
     * What a manifest is: an object, or hooks with one key, one for each phase.
     *
     * @param object what an ordinary object is, empty for hooks
     */
    record Accepted(ObjectKey key, Optional<DesiredObject> object, List<Hook> hooks, Position origin) {}

    /** What {@code manifest} is; empty when something is wrong with it, or when it is left out. */
    Optional<Accepted> accept(Manifest manifest) {
        long before = findings.errors();
        Optional<String> apiVersion = required(manifest.root(), "apiVersion", "apiVersion");
        Optional<String> kind = required(manifest.root(), "kind", "kind");
        if (apiVersion.isEmpty() || kind.isEmpty() || !isAllowedKind(manifest, apiVersion.get(), kind.get())) {
            return Optional.empty();
        }
        ObjectKey ofKind = new ObjectKey(ObjectKey.groupOf(apiVersion.get()), kind.get(), "", "");
        HookReader.Role role = hooks.read(manifest, ofKind);
        Optional<String> name = name(manifest, role instanceof HookReader.Role.OfPhases);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        checkMetadata(manifest);
        checkContent(manifest, apiVersion.get(), kind.get());
        int wave = waves.read(manifest);
        Optional<String> namespace = namespace(manifest, apiVersion.get(), kind.get());
        if (namespace.isEmpty() || findings.errors() > before || role instanceof HookReader.Role.LeftOut) {
            return Optional.empty();
        }
        ObjectKey key = new ObjectKey(ofKind.group(), ofKind.kind(), namespace.get(), name.get());
        if (!isAllowed(manifest, key)) {
            return Optional.empty();
        }
        return body(manifest, key).map(body -> accepted(manifest, key, body, role, wave));
    }

    private static Accepted accepted(
            Manifest manifest, ObjectKey key, ObjectNode body, HookReader.Role role, int number) {
        String digest = CanonicalJson.digest(body);
        int layer = manifest.layer().wave();
        Position origin = manifest.position();
        return switch (role) {
            case HookReader.Role.Ordinary(Wave.Phase phase) ->
                new Accepted(
                        key,
                        Optional.of(new DesiredObject(key, body, new Wave(layer, phase, number), origin, digest)),
                        List.of(),
                        origin);
            case HookReader.Role.OfPhases(List<Wave.Phase> phases, Set<Hook.Removal> removed, boolean onRollback) ->
                new Accepted(
                        key,
                        Optional.empty(),
                        phases.stream()
                                .map(phase -> new Hook(
                                        key, body, new Wave(layer, phase, number), removed, onRollback, origin, digest))
                                .toList(),
                        origin);
            case HookReader.Role.LeftOut() -> throw new IllegalStateException("nothing is made of it");
        };
    }

    private Optional<String> required(Node.MapNode map, String key, String path) {
        Optional<String> text = map.text(key).filter(value -> !value.isEmpty());
        if (text.isEmpty()) {
            error(
                    map.get(key).isPresent() ? ErrorCode.WrongType : ErrorCode.MissingField,
                    path + (map.get(key).isPresent() ? " is not a text" : " is missing"),
                    map.keyPosition(key),
                    "a manifest has apiVersion, kind and metadata.name");
        }
        return text;
    }

    private boolean isAllowedKind(Manifest manifest, String apiVersion, String kind) {
        String group = ObjectKey.groupOf(apiVersion);
        Position position = manifest.root().keyPosition("kind");
        if (kind.endsWith("List") && manifest.root().get("items").isPresent()) {
            error(
                    ErrorCode.UnknownKind,
                    "a " + kind + " hides its members from review and order",
                    position,
                    "write its items as documents of their own, separated by ---");
            return false;
        }
        if (group.equals("orkestra.orkspace.io")) {
            error(
                    ErrorCode.UnknownKind,
                    "a " + kind + " is not a Kubernetes object",
                    position,
                    "name the Komposer in spec.overlay and keep these files out of the layers");
            return false;
        }
        Optional<AllowRules.Refusal> refusal = allow.kind(group, kind);
        refusal.ifPresent(each -> error(ErrorCode.Forbidden, each.message(), position, each.hint()));
        return refusal.isEmpty();
    }

    private boolean isAllowed(Manifest manifest, ObjectKey key) {
        Node.MapNode metadata = manifest.metadata().orElseThrow();
        Optional<AllowRules.Refusal> refusal = allow.place(key);
        refusal.ifPresent(each -> error(
                ErrorCode.Forbidden,
                each.message(),
                metadata.keyPosition(key.namespace().isEmpty() ? "name" : "namespace"),
                each.hint()));
        Map<String, AllowRules.Refusal> refused = Map.of();
        if (key.group().isEmpty() && key.kind().equals("Namespace")) {
            Optional<Node.MapNode> labels = metadata.map("labels");
            refused = labels.map(allow::labels).orElse(Map.of());
            refused.forEach((label, each) -> error(
                    ErrorCode.Forbidden, each.message(), labels.orElseThrow().keyPosition(label), each.hint()));
        }
        return refusal.isEmpty() && refused.isEmpty();
    }

    /** @param isHook each run gives it a name of its own, so that {@code generateName} says what it begins with */
    private Optional<String> name(Manifest manifest, boolean isHook) {
        Optional<Node.MapNode> metadata = manifest.metadata();
        if (metadata.isEmpty()) {
            error(
                    ErrorCode.MissingField,
                    "metadata is missing",
                    manifest.root().keyPosition("metadata"),
                    "a manifest has apiVersion, kind and metadata.name");
            return Optional.empty();
        }
        Optional<String> prefix = metadata.get()
                .text("generateName")
                .filter(text -> isHook
                        && text.length() <= MAX_NAME
                        && text.matches(".*[a-z0-9].*")
                        && metadata.get().get("name").isEmpty())
                .map(text -> text.replaceFirst("[^a-z0-9]+$", ""));
        if (prefix.isEmpty() && metadata.get().get("generateName").isPresent()) {
            error(
                    ErrorCode.WrongValue,
                    "generateName makes a new object at each run",
                    metadata.get().keyPosition("generateName"),
                    "give metadata.name");
            return Optional.empty();
        }
        Optional<String> name = prefix.isPresent() ? prefix : required(metadata.get(), "name", "metadata.name");
        // The rule that the API server has for every kind; those of single kinds are left to its dry-run.
        if (name.isPresent()
                && (name.get().length() > MAX_NAME || name.get().matches("\\.|\\.\\.|.*[/%\\p{Cntrl}].*"))) {
            error(
                    ErrorCode.InvalidName,
                    "metadata.name cannot be the name of an object",
                    metadata.get().keyPosition("name"),
                    "use at most 253 letters, digits, '-' and '.'");
            return Optional.empty();
        }
        return name;
    }

    private void checkMetadata(Manifest manifest) {
        Node.MapNode metadata = manifest.metadata().orElseThrow();
        for (String field : SET_BY_SERVER) {
            if (metadata.get(field).isPresent()) {
                error(
                        ErrorCode.UnknownField,
                        "metadata." + field + " is set by the API server",
                        metadata.keyPosition(field),
                        "remove what 'kubectl get -o yaml' added");
            }
        }
        checkTexts(metadata, "labels");
        checkTexts(metadata, "annotations");
        metadata.map("labels")
                .filter(labels -> labels.get(ConfigRepo.LABEL).isPresent())
                .ifPresent(labels -> error(
                        ErrorCode.WrongValue,
                        "the label " + ConfigRepo.LABEL + " is set by the agent",
                        labels.keyPosition(ConfigRepo.LABEL),
                        "remove it"));
    }

    /** What the API server would find too late, or not at all. */
    private void checkContent(Manifest manifest, String apiVersion, String kind) {
        Document document = new Document(manifest.position().file(), 0, manifest.root());
        List<Diagnostic> found = Schemas.bundled().validate(document);
        findings.addAll(found);
        boolean isGroup = apiVersion.equals(ApplicationGroup.API_VERSION) && kind.equals(ApplicationGroup.KIND);
        if (isGroup && !Diagnostic.anyError(found)) {
            findings.addAll(GroupRules.check(manifest.root()));
        }
    }

    private void checkTexts(Node.MapNode metadata, String field) {
        Optional<Node> given = metadata.get(field);
        switch (given.orElse(null)) {
            case null -> {}
            case Node.ScalarNode(Object value, Position _) when value == null -> {}
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    boolean isText = entry.value() instanceof Node.ScalarNode(Object value, Position _)
                            && value instanceof String;
                    if (!isText) {
                        error(
                                ErrorCode.WrongType,
                                "metadata." + field + "." + key + " is not a text",
                                entry.value().position(),
                                "put it into quotes");
                    }
                });
            case Node other ->
                error(ErrorCode.WrongType, "metadata." + field + " is not a mapping", other.position(), "");
        }
    }

    /** The namespace, "" for a cluster-scoped kind; empty when there is no answer. */
    private Optional<String> namespace(Manifest manifest, String apiVersion, String kind) {
        Node.MapNode metadata = manifest.metadata().orElseThrow();
        Optional<Node> given = metadata.get("namespace");
        Optional<String> text = metadata.text("namespace").filter(value -> !value.isEmpty());
        Position position = metadata.keyPosition("namespace");
        Optional<Boolean> namespaced = scopes.namespaced(apiVersion, kind);
        if (namespaced.isEmpty()) {
            error(
                    ErrorCode.MissingKind,
                    "the kind " + kind + " of " + apiVersion + " is neither served by the cluster nor defined here",
                    manifest.root().keyPosition("kind"),
                    "check the spelling, or add its CustomResourceDefinition to an earlier wave");
            return Optional.empty();
        }
        if (!namespaced.get()) {
            if (given.isPresent()) {
                findings.add(Diagnostic.warning(
                        ErrorCode.UnknownField,
                        kind + " objects do not live in a namespace; metadata.namespace is left out",
                        position,
                        "remove it"));
            }
            return Optional.of("");
        }
        if (text.isPresent() && !NAMESPACE.matcher(text.get()).matches()) {
            error(
                    ErrorCode.InvalidName,
                    "metadata.namespace cannot be the name of a namespace",
                    position,
                    "use at most 63 small letters, digits and '-'");
            return Optional.empty();
        }
        // As kubectl does; the plan shows it.
        return text.or(() -> Optional.of(DEFAULT_NAMESPACE));
    }

    private Optional<ObjectNode> body(Manifest manifest, ObjectKey key) {
        ObjectNode body = (ObjectNode) manifest.root().toJson();
        ObjectNode metadata = (ObjectNode) body.get("metadata");
        metadata.remove(List.of("creationTimestamp", "generateName", "namespace"));
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        // Never ours to write; tools leave it behind empty.
        body.remove("status");
        map(metadata, "labels").put(ConfigRepo.LABEL, repo.label());
        if (key.kind().equals(ApplicationGroup.KIND)
                && key.group().equals(ObjectKey.groupOf(ApplicationGroup.API_VERSION))) {
            map(metadata, "annotations").put(REMEDIATION, "run");
        }
        if (key.kind().equals("Secret") && key.group().isEmpty() && !mergeStringData(manifest, body)) {
            return Optional.empty();
        }
        int size = CanonicalJson.bytes(body).length;
        if (size > MAX_OBJECT_BYTES) {
            error(
                    ErrorCode.TooLarge,
                    key + " has " + size + " bytes; an API server stores at most " + MAX_OBJECT_BYTES,
                    manifest.position(),
                    "split it");
            return Optional.empty();
        }
        return Optional.of(body);
    }

    static ObjectNode map(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode map ? map : parent.putObject(name);
    }

    /**
     * Writes {@code stringData} as {@code data}. The server does the same but owns the fields under the old name, so
     * that
     * a key removed from stringData would stay in data for ever.
     */
    private boolean mergeStringData(Manifest manifest, ObjectNode body) {
        Optional<Node> given = manifest.root().get("stringData");
        if (given.isEmpty()) {
            return true;
        }
        body.remove("stringData");
        if (!(given.get() instanceof Node.MapNode texts)) {
            boolean isNull = given.get() instanceof Node.ScalarNode(Object value, Position _) && value == null;
            if (!isNull) {
                error(
                        ErrorCode.WrongType,
                        "stringData is not a mapping",
                        given.get().position(),
                        "");
            }
            return isNull;
        }
        ObjectNode data = map(body, "data");
        boolean good = true;
        for (Map.Entry<String, Node.Entry> entry : texts.entries().entrySet()) {
            if (entry.getValue().value() instanceof Node.ScalarNode(Object value, Position _)
                    && value instanceof String text) {
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            } else {
                error(
                        ErrorCode.WrongType,
                        "stringData." + entry.getKey() + " is not a text",
                        entry.getValue().value().position(),
                        "put it into quotes");
                good = false;
            }
        }
        return good;
    }

    private void error(ErrorCode code, String message, Position position, String hint) {
        findings.add(Diagnostic.error(code, message, position, hint));
    }
}
