package dev.orkestra.source;

import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * The bare repository of one URL. Fetches hold {@link #lock}, readers do not: objects are only ever added, except when
 * a damaged mirror is thrown away, and then readers fail and fetch again.
 */
final class BareMirror implements ObjectSource, AutoCloseable {
    /** Each fetch brings a pack; past this many, reads slow down and they are packed into one. */
    private static final int MAX_PACKS = 50;

    final ReentrantLock lock = new ReentrantLock();
    private final Path folder;
    private volatile @Nullable Repository open;
    private volatile boolean damaged;

    BareMirror(Path folder) {
        this.folder = folder;
    }

    /** The mirror itself is not in order; a new one may be. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The server has no such ref. */
    static final class NoSuchRefException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSuchRefException() {
            super("no such ref");
        }
    }

    /**
     * Brings one ref with its whole history. Not shallow: "is the new commit after the last one?" is asked at every
     * fetch, and over a cut history a moved branch and a pushed one look alike. One ref, so that other branches cost
     * nothing. The caller holds the lock.
     */
    Commit fetch(SourceRequest request, Exchange exchange) throws IOException, URISyntaxException {
        Repository repository = repository();
        ObjectId head;
        try (Transport transport = transport(repository, request.url(), exchange)) {
            try (FetchConnection connection = transport.openFetch(List.of(new RefSpec(request.ref())))) {
                Ref ref = connection.getRef(request.ref());
                ObjectId id = ref == null ? null : ref.getObjectId();
                if (ref == null || id == null) {
                    throw new NoSuchRefException();
                }
                if (!id.equals(repository.resolve(localName(request.ref())))) {
                    connection.fetch(exchange, List.of(ref), Set.of());
                }
                head = id;
            }
        }
        Commit commit = checked(repository, head);
        remember(repository, request.ref(), head);
        packTogether(repository);
        return commit;
    }

    /**
     * Brings the files of one version, see {@link VersionFetch}. A mirror that serves this is cut off behind the commits
     * that were asked for, so it must not serve {@link #fetch} as well. The caller holds the lock.
     */
    Commit fetchVersion(VersionRequest request, Exchange exchange) throws IOException, URISyntaxException {
        Repository repository = repository();
        ObjectId head = new VersionFetch(repository, request.url(), exchange).bring(request.version());
        Commit commit = checked(repository, head);
        remember(repository, head.name(), head);
        packTogether(repository);
        return commit;
    }

    /** A way to the server that keeps to the limits of {@code exchange}. */
    static Transport transport(Repository repository, String url, Exchange exchange)
            throws IOException, URISyntaxException {
        Transport transport = Transport.open(repository, new URIish(url));
        transport.setTimeout(exchange.readTimeoutSeconds());
        transport.setCredentialsProvider(exchange.credentials());
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(exchange.connections());
        }
        return transport;
    }

    /** Reads the commit and the root of its tree, so that a mirror with holes is found before it is relied on. */
    private static Commit checked(Repository repository, ObjectId head) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(head);
            walk.parseBody(commit);
            walk.parseTree(commit.getTree());
            return commit(commit);
        } catch (IncorrectObjectTypeException e) {
            throw e;
        } catch (IOException e) {
            throw new DamagedException("the mirror lacks objects", e);
        }
    }

    private static void remember(Repository repository, String ref, ObjectId head) throws IOException {
        RefUpdate update = repository.updateRef(localName(ref));
        update.setNewObjectId(head);
        update.setForceUpdate(true);
        update.disableRefLog();
        switch (update.update()) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            // A lock file of a killed process stays for ever; nobody else writes here.
            default -> throw new DamagedException("the mirror's ref cannot be written", null);
        }
    }

    /** Flat, so that a branch {@code a} and later a branch {@code a/b} do not stand in each other's way. */
    private static String localName(String ref) {
        return "refs/orkestra/"
                + CanonicalJson.digest(ref.getBytes(StandardCharsets.UTF_8)).substring("sha256:".length());
    }

    private void packTogether(Repository repository) throws IOException {
        Path packs = folder.resolve("objects").resolve("pack");
        long count;
        try (Stream<Path> files = Files.list(packs)) {
            count = files.filter(file -> file.toString().endsWith(".pack")).count();
        }
        if (count > MAX_PACKS) {
            try (Git git = Git.wrap(repository)) {
                git.gc().call();
            } catch (GitAPIException e) {
                throw new DamagedException("the mirror cannot be packed", e);
            }
        }
    }

    Optional<Commit> commit(String id) {
        return reading(reader -> {
            if (!ObjectId.isId(id)) {
                return Optional.empty();
            }
            try (RevWalk walk = new RevWalk(reader)) {
                return Optional.of(commit(walk.parseCommit(ObjectId.fromString(id))));
            } catch (MissingObjectException e) {
                return Optional.empty();
            }
        });
    }

    boolean isAncestor(String ancestor, String descendant) {
        return reading(reader -> {
            if (!ObjectId.isId(ancestor) || !ObjectId.isId(descendant)) {
                return false;
            }
            try (RevWalk walk = new RevWalk(reader)) {
                return walk.isMergedInto(
                        walk.parseCommit(ObjectId.fromString(ancestor)),
                        walk.parseCommit(ObjectId.fromString(descendant)));
            } catch (MissingObjectException e) {
                return false;
            }
        });
    }

    Tree tree(String commitId) {
        return reading(reader -> {
            try (RevWalk walk = new RevWalk(reader)) {
                return new GitTree(
                        this,
                        walk.parseCommit(ObjectId.fromString(commitId))
                                .getTree()
                                .getId());
            }
        });
    }

    /** Runs {@code work}; a mirror that cannot be read is marked, so that the next fetch makes a new one. */
    @Override
    public <T> T reading(Reading<T> work) {
        try (ObjectReader reader = repository().newObjectReader()) {
            return work.with(reader);
        } catch (IOException e) {
            damaged = true;
            throw new SourceException("the mirror cannot be read; the next fetch makes a new one", e);
        }
    }

    private static Commit commit(RevCommit commit) {
        return new Commit(
                commit.getName().toLowerCase(Locale.ROOT),
                Stream.of(commit.getParents()).map(ObjectId::getName).toList(),
                commit.getAuthorIdent() == null ? "" : commit.getAuthorIdent().getName(),
                Instant.ofEpochSecond(commit.getCommitTime()),
                commit.getShortMessage());
    }

    boolean isDamaged() {
        return damaged;
    }

    /** Throws the repository away. The caller holds the lock. */
    void discard() throws IOException {
        close();
        damaged = false;
        deleteFolder();
    }

    private void deleteFolder() throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Repository repository() throws IOException {
        Repository present = open;
        if (present != null && Files.isDirectory(folder.resolve("objects"))) {
            return present;
        }
        synchronized (this) {
            close();
            Repository fresh = new FileRepositoryBuilder()
                    .setGitDir(folder.toFile())
                    .setBare()
                    .setFS(FS.DETECTED)
                    .build();
            if (!fresh.getObjectDatabase().exists()) {
                // The rest of a repository that lost its objects would only be in the way.
                deleteFolder();
                fresh.create(true);
                fresh.getConfig().setString("gc", null, "prunepackexpire", "now");
                fresh.getConfig().save();
            }
            open = fresh;
            return fresh;
        }
    }

    @Override
    public synchronized void close() {
        Repository present = open;
        open = null;
        if (present != null) {
            present.close();
        }
    }
}
