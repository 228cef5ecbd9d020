package dev.orkestra.desired;

import dev.orkestra.katalog.InputSource;
import dev.orkestra.kustomize.KustomizeBuild;

/**
 * What a commit needs that is not in its tree.
 *
 * @param imports answers what the overlay imports
 * @param kustomize builds folders with a kustomization
 */
public record Outside(InputSource imports, KustomizeBuild kustomize) {
    /** For those who have only the tree. */
    public static final Outside NOTHING = new Outside(KatalogOverlay.NOTHING_ELSE, KustomizeBuild.NONE);
}
