/**
 * Real servers for tests: the {@code testbed/} folder's Kubernetes, Git and chart servers, from Java.
 *
 * <p>Comes in: the name of an instance. Goes out: addresses, credentials, programs. Never does: pretend to be a server,
 * or skip a test because a server is missing.
 */
@NullMarked
package dev.orkestra.testing;

import org.jspecify.annotations.NullMarked;
