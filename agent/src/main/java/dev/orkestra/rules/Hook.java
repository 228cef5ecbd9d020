package dev.orkestra.rules;

import dev.orkestra.document.Node;

/**
 * A block of resource templates that a hook makes.
 *
 * @param crd name of its CRD; empty in a Motif
 * @param target name of the serve target whose operatorBox holds it; empty for the CRD's own
 * @param block the mapping with {@code deployments}, {@code services}, {@code when} and so on
 */
record Hook(String crd, Phase phase, String target, Node.MapNode block) {}
