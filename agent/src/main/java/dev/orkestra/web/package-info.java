/**
 * HTTP requests to servers that nobody vouches for.
 *
 * <p>Comes in: an address, who one is ({@link dev.orkestra.web.Access}), limits of time and of bytes. Goes out: the
 * answer at the end of all redirects, or {@link dev.orkestra.web.WebTrouble}. Never does: read or wait beyond its limits,
 * follow a redirect to what is not protected or is no web server, show credentials to another origin than the one that
 * was asked, or put them into a message.
 */
@NullMarked
package dev.orkestra.web;

import org.jspecify.annotations.NullMarked;
