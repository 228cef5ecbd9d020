package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A document as the rules look at it: its parts are found once, and each rule walks over those that it is about. All
 * are in the order of the CRDs' names, then of the text. Disabled entries are not seen, as upstream.
 */
final class View {
    private static final int DEEPEST_GROUP = 50;

    private final String kind;
    private final Node.MapNode root;
    private final String entryFile;
    private final TextLookup texts;
    private final List<Crd> crds;
    private final List<Hook> hooks = new ArrayList<>();
    private final List<Resource> resources = new ArrayList<>();
    private final List<TemplateTexts.Text> templates;
    private final Set<String> keys = new HashSet<>();
    private @Nullable List<Conditions.ConditionList> conditions;

    private View(String kind, Node.MapNode root, String entryFile, TextLookup texts) {
        this.texts = texts;
        this.kind = kind;
        this.root = root;
        this.entryFile = entryFile;
        collectKeys(root);
        this.crds = new TreeMap<>(all())
                .entrySet().stream()
                        .filter(entry -> entry.getValue().value() instanceof Node.MapNode crd && !Crd.isDisabled(crd))
                        .map(entry -> new Crd(entry.getKey(), entry.getValue().keyPosition(), (Node.MapNode)
                                entry.getValue().value()))
                        .toList();
        findHooks();
        hooks.forEach(this::findResources);
        this.templates = TemplateTexts.of(this);
    }

    /**
     * A view of {@code root}.
     *
     * @param entryFile the file to blame first where several are involved
     * @param texts of the files
     */
    static View of(String kind, Node.MapNode root, String entryFile, TextLookup texts) {
        return new View(kind, root, entryFile, texts);
    }

    /** Kind of the document. */
    String kind() {
        return kind;
    }

    Node.MapNode root() {
        return root;
    }

    /** The file that was named on the command line or in the ConfigRepo: an overlay is blamed before its base. */
    String entryFile() {
        return entryFile;
    }

    /** The texts of the files. */
    TextLookup texts() {
        return texts;
    }

    /** Whether any mapping of the document, at any depth, has this key. */
    boolean hasKey(String key) {
        return keys.contains(key);
    }

    /** The conditions of the document: see {@link Conditions#of}. */
    List<Conditions.ConditionList> conditions() {
        List<Conditions.ConditionList> known = conditions;
        if (known == null) {
            known = Conditions.of(this);
            conditions = known;
        }
        return known;
    }

    private void collectKeys(Node node) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    keys.add(key);
                    collectKeys(entry.value());
                });
            case Node.ListNode list -> list.items().forEach(this::collectKeys);
            case Node.ScalarNode _ -> {}
        }
    }

    /** The templates in the document's texts. */
    List<TemplateTexts.Text> templates() {
        return templates;
    }

    /** The enabled CRDs, by name. */
    List<Crd> crds() {
        return crds;
    }

    /** All entries of {@code spec.crds} as they are written: disabled and empty ones too. */
    Map<String, Node.Entry> all() {
        return root.map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(Node.MapNode::entries)
                .orElse(Map.of());
    }

    /** All hook blocks, those of nested groups and of serve targets included. */
    List<Hook> hooks() {
        return hooks;
    }

    /** All resource templates of all hooks. */
    List<Resource> resources() {
        return resources;
    }

    /** The resource templates under these keys, such as {@code deployments}. */
    Stream<Resource> resources(String... keys) {
        List<String> wanted = List.of(keys);
        return resources.stream().filter(resource -> wanted.contains(resource.key()));
    }

    /** The resource templates that run containers: their fields are alike. */
    Stream<Resource> workloads() {
        return resources("deployments", "replicaSets", "statefulSets", "pods", "jobs", "cronJobs");
    }

    /** Every mapping of the document, the root first, each before what it holds. */
    Stream<Node.MapNode> mappings() {
        return mappings(root);
    }

    /** Every mapping in {@code node}, itself included, each before what it holds. */
    static Stream<Node.MapNode> mappings(Node node) {
        List<Node.MapNode> found = new ArrayList<>();
        collect(node, found);
        return found.stream();
    }

    private static void collect(Node node, List<Node.MapNode> found) {
        switch (node) {
            case Node.MapNode map -> {
                found.add(map);
                map.entries().values().forEach(entry -> collect(entry.value(), found));
            }
            case Node.ListNode list -> list.items().forEach(item -> collect(item, found));
            case Node.ScalarNode _ -> {}
        }
    }

    private void findHooks() {
        for (Crd crd : crds) {
            crd.boxes().forEach((where, box) -> {
                for (Phase phase : Phase.values()) {
                    Fields.map(box, "reconcile." + phase.key())
                            .ifPresent(block -> addHook(new Hook(crd.name(), phase, where, block), 0));
                }
            });
        }
        if (kind.equals("Motif")) {
            root.map("resources").ifPresent(block -> {
                addHook(new Hook("", Phase.RECONCILE, "", block), 0);
                for (Phase phase : Phase.values()) {
                    block.map(phase.key()).ifPresent(own -> addHook(new Hook("", phase, "", own), 0));
                }
            });
        }
    }

    private void addHook(Hook hook, int depth) {
        hooks.add(hook);
        if (depth < DEEPEST_GROUP) {
            Fields.maps(hook.block(), "groups")
                    .forEach(group -> addHook(new Hook(hook.crd(), hook.phase(), hook.target(), group), depth + 1));
        }
    }

    private void findResources(Hook hook) {
        hook.block().entries().forEach((key, entry) -> {
            if (ResourceKinds.isKey(key) && entry.value() instanceof Node.ListNode list) {
                for (Node item : list.items()) {
                    if (item instanceof Node.MapNode node) {
                        resources.add(new Resource(hook, key, node));
                    }
                }
            }
        });
    }
}
