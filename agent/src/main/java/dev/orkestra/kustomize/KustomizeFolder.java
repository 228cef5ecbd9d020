package dev.orkestra.kustomize;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import dev.orkestra.source.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A folder with a kustomization: what it needs is collected first, and then it is built. */
public final class KustomizeFolder {
    private final CollectedInputs collected;
    private final Limits limits;

    private KustomizeFolder(CollectedInputs collected, Limits limits) {
        this.collected = collected;
        this.limits = limits;
    }

    /**
     * What came of a folder.
     *
     * @param objects with the places in the commit that wrote them; empty when there is an error among the findings
     * @param sizeBytes of what was printed
     */
    public record Result(List<Node.MapNode> objects, List<Diagnostic> findings, long sizeBytes) {
        public Result {
            objects = List.copyOf(objects);
            findings = List.copyOf(findings);
        }
    }

    /** Whether a file of this name makes its folder one for kustomize. */
    public static boolean isKustomization(String name) {
        return InputWalk.NAMES.contains(name);
    }

    /**
     * Reads what the folder's kustomization leads to.
     *
     * @param folder path from the root, "" for the root itself; it has a kustomization
     * @param limits for each file, and for what is built
     * @throws dev.orkestra.source.SourceException when the tree cannot be read
     */
    public static KustomizeFolder read(Tree tree, String folder, Limits limits) {
        return new KustomizeFolder(new InputWalk(tree, limits).collect(folder), limits);
    }

    /** Paths of all files that a build needs. */
    public Set<String> files() {
        return collected.inputs().files().keySet();
    }

    /** How much they hold, all together. */
    public long sizeBytes() {
        return collected.inputs().files().values().stream()
                .mapToLong(content -> content.length)
                .sum();
    }

    /** Whether it is a component, which only others can build. */
    public boolean isComponent() {
        return collected.isComponent();
    }

    /** Builds it, unless something is wrong already. */
    public Result build(KustomizeBuild kustomize) {
        if (Diagnostic.anyError(collected.findings())) {
            return new Result(List.of(), collected.findings(), 0);
        }
        return switch (kustomize.build(collected.inputs())) {
            case KustomizeBuild.Built.Objects(String yaml) -> objects(yaml);
            case KustomizeBuild.Built.Refused(String words) -> failed(new BuildErrors(collected).of(words));
            case KustomizeBuild.Built.Failed(var code, String message, String hint) ->
                failed(Diagnostic.error(code, message, Position.startOf(collected.entry()), hint));
        };
    }

    private Result failed(Diagnostic finding) {
        List<Diagnostic> findings = new ArrayList<>(collected.findings());
        findings.add(finding);
        return new Result(List.of(), findings, 0);
    }

    private Result objects(String yaml) {
        byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
        // Kustomize writes what many files hold, so only what one value may cost is bounded as for a file.
        Limits wide = new Limits(
                Math.max(limits.maxBytes(), Math.min(Limits.LARGEST, bytes.length + 1)),
                limits.maxDepth(),
                limits.maxAliases(),
                Math.max(limits.maxDocuments(), 100_000),
                Math.max(limits.maxNodes(), 10_000_000));
        ReadResult read = DocumentReader.read(collected.entry(), bytes, wide);
        List<Diagnostic> errors = read.findings().stream()
                .filter(finding -> finding.severity() == dev.orkestra.outcome.Severity.ERROR)
                .map(finding -> Diagnostic.error(
                        finding.code(),
                        "what kustomize makes of this cannot be read: " + finding.message(),
                        Position.startOf(collected.entry()),
                        finding.hint()))
                .toList();
        List<Diagnostic> findings = new ArrayList<>(collected.findings());
        if (!errors.isEmpty()) {
            findings.addAll(errors);
            return new Result(List.of(), findings, 0);
        }
        Provenance provenance = new Provenance(collected);
        List<Node.MapNode> objects = new ArrayList<>();
        for (Document document : read.documents()) {
            document.mapping().ifPresent(object -> objects.add(provenance.place(object)));
        }
        return new Result(objects, findings, bytes.length);
    }
}
