package dev.orkestra.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;

/** A real bare repository on disk, written object by object: also with contents that no checkout would make. */
public final class GitFixture implements AutoCloseable {
    private final Repository repository;
    private final Path folder;
    private int clock;

    /** @param folder a bare repository, or a place for one */
    public GitFixture(Path folder) {
        HermeticSystemReader.install();
        this.folder = folder;
        try {
            repository = new FileRepository(folder.toFile());
            if (!repository.getObjectDatabase().exists()) {
                repository.create(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return folder.toUri().toString();
    }

    /** The content of a commit. */
    public static final class Content {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        public Content file(String path, String text) {
            entries.put(path, text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public Content bytes(String path, byte[] bytes) {
            entries.put(path, bytes);
            return this;
        }

        public Content symlink(String path, String target) {
            entries.put(path, target);
            return this;
        }

        public Content submodule(String path) {
            entries.put(path, ObjectId.fromString("1".repeat(40)));
            return this;
        }
    }

    public static Content content() {
        return new Content();
    }

    /** Commits {@code content} on top of {@code parents} and lets {@code branch} name it. */
    public String commit(String branch, Content content, String... parents) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree(inserter, content));
            PersonIdent who = new PersonIdent(
                    "Ada", "ada@example.test", Instant.ofEpochSecond(1_700_000_000L + clock++), ZoneOffset.UTC);
            commit.setAuthor(who);
            commit.setCommitter(who);
            commit.setMessage("Change " + clock + "\n\nbody\n");
            for (String parent : parents) {
                commit.addParentId(ObjectId.fromString(parent));
            }
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            point(branch, id.name());
            return id.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves {@code branch}, forwards or backwards. */
    public void point(String branch, String commit) {
        try {
            RefUpdate update = repository.updateRef("refs/heads/" + branch);
            update.setNewObjectId(ObjectId.fromString(commit));
            update.setForceUpdate(true);
            update.update();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a lightweight tag name {@code object}. */
    public void tag(String name, String object) {
        try {
            RefUpdate update = repository.updateRef("refs/tags/" + name);
            update.setNewObjectId(ObjectId.fromString(object));
            update.setForceUpdate(true);
            update.update();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an annotated tag of {@code commit}, a commit. */
    public void annotatedTag(String name, String commit) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            TagBuilder tag = new TagBuilder();
            tag.setTag(name);
            tag.setObjectId(ObjectId.fromString(commit), Constants.OBJ_COMMIT);
            tag.setTagger(new PersonIdent(
                    "Ada", "ada@example.test", Instant.ofEpochSecond(1_700_000_000L + clock++), ZoneOffset.UTC));
            tag.setMessage("Release\n");
            ObjectId id = inserter.insert(tag);
            inserter.flush();
            tag(name, id.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes {@code branch}; what it led to stays. */
    public void deleteBranch(String branch) {
        try {
            RefUpdate update = repository.updateRef("refs/heads/" + branch);
            update.setForceUpdate(true);
            update.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectId tree(ObjectInserter inserter, Content content) throws IOException {
        DirCache cache = DirCache.newInCore();
        DirCacheBuilder builder = cache.builder();
        for (Map.Entry<String, Object> entry : content.entries.entrySet()) {
            DirCacheEntry leaf = new DirCacheEntry(entry.getKey());
            switch (entry.getValue()) {
                case byte[] bytes -> {
                    leaf.setFileMode(FileMode.REGULAR_FILE);
                    leaf.setObjectId(inserter.insert(Constants.OBJ_BLOB, bytes));
                }
                case String target -> {
                    leaf.setFileMode(FileMode.SYMLINK);
                    leaf.setObjectId(inserter.insert(Constants.OBJ_BLOB, target.getBytes(StandardCharsets.UTF_8)));
                }
                case ObjectId submodule -> {
                    leaf.setFileMode(FileMode.GITLINK);
                    leaf.setObjectId(submodule);
                }
                default -> throw new IllegalStateException(entry.getKey());
            }
            builder.add(leaf);
        }
        builder.finish();
        return cache.writeTree(inserter);
    }

    @Override
    public void close() {
        repository.close();
    }
}
