package dev.orkestra.kustomize;

import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a folder's kustomization leads to.
 *
 * @param entry path of the folder's kustomization file
 * @param inputs what the program gets
 * @param kustomizations by path of the file: the entry first, then the others in the order in which they are named
 * @param documents of resources, by path of the file
 * @param patches in the order in which kustomize applies them, those of bases first
 * @param secretFiles files whose contents become Secrets
 * @param findings what is wrong; with an error among them the program is not run
 */
record CollectedInputs(
        String entry,
        BuildInputs inputs,
        Map<String, Node.MapNode> kustomizations,
        Map<String, List<Document>> documents,
        List<Patch> patches,
        Set<String> secretFiles,
        List<Diagnostic> findings) {
    /** Whether the folder is one that only others use. */
    boolean isComponent() {
        Node.MapNode root = kustomizations.get(entry);
        return root != null && root.text("kind").filter("Component"::equals).isPresent();
    }
}
