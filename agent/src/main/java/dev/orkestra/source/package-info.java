/**
 * Git: a URL and credentials in, a bare mirror, {@linkplain dev.orkestra.source.Commit commits} and
 * {@linkplain dev.orkestra.source.Tree trees} out, read from Git's objects without a checkout.
 *
 * <p>Comes in: a {@link dev.orkestra.source.SourceRequest}, or a folder for the command line. Goes out: files as bytes,
 * symbolic links and submodules only as entries. Never does: run a program, a hook or a filter; follow a link; read the
 * user's or the system's Git configuration; write credentials to disk, into a message or to another host. JGit is known
 * only here.
 */
@NullMarked
package dev.orkestra.source;

import org.jspecify.annotations.NullMarked;
