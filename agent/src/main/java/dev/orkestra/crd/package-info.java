/**
 * Custom resources against their definitions, as the API server would check them, without one.
 *
 * <p>Comes in: a CustomResourceDefinition and resources of its kind, as documents with positions. Goes out: findings at
 * the offending key: what is wrong with the definition, and what the API server would refuse in a resource, the rules
 * in CEL included. What would take too long, or is not known here, is a finding of severity INFO. Never does: asking a
 * server, comparing with the resource as it was before (rules over {@code oldSelf} are left out), or estimating what
 * a rule may cost at most, for which the API server refuses some definitions.
 */
@NullMarked
package dev.orkestra.crd;

import org.jspecify.annotations.NullMarked;
