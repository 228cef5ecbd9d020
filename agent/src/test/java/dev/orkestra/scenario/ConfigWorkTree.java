package dev.orkestra.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A clone of a config repository, as a person works in it: edit, commit, push, revert. */
final class ConfigWorkTree {
    private final Path folder;

    private ConfigWorkTree(Path folder) {
        this.folder = folder;
    }

    /** An empty repository in {@code folder} whose origin is {@code url}, with the credentials in the user's place. */
    static ConfigWorkTree create(Path folder, URI url, String user, String password) {
        ConfigWorkTree tree = new ConfigWorkTree(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tree.git("init", "--quiet", "--initial-branch", "main");
        tree.git("config", "user.name", "Test");
        tree.git("config", "user.email", "test@example.test");
        String withCredentials =
                url.getScheme() + "://" + user + ":" + password + "@" + url.getAuthority() + url.getPath();
        tree.git("remote", "add", "origin", withCredentials);
        return tree;
    }

    /** Copies all files of {@code source} into the tree, each text through {@code edit}. */
    ConfigWorkTree copy(Path source, UnaryOperator<String> edit) {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                write(source.relativize(file).toString(), edit.apply(Files.readString(file)));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigWorkTree write(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigWorkTree edit(String path, UnaryOperator<String> edit) {
        try {
            String before = Files.readString(folder.resolve(path));
            String after = edit.apply(before);
            if (before.equals(after)) {
                throw new AssertionError("the edit changes nothing in " + path);
            }
            return write(path, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigWorkTree delete(String path) {
        try (Stream<Path> files = Files.walk(folder.resolve(path))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits everything and pushes; returns the commit. */
    String push(String message) {
        commit(message);
        return pushHead();
    }

    /** {@code git revert} of the newest commit, pushed. */
    String revertHead() {
        git("revert", "--no-edit", "HEAD");
        return pushHead();
    }

    /** Another commit with the changes of {@code commit}, here only. */
    void pick(String commit) {
        git("cherry-pick", commit);
    }

    /** Another commit with the changes of {@code commit}, pushed. */
    String cherryPick(String commit) {
        pick(commit);
        return pushHead();
    }

    /** Goes back to {@code commit}, here only. */
    ConfigWorkTree reset(String commit) {
        git("reset", "--quiet", "--hard", commit);
        return this;
    }

    /** Here only: the next commit has all files as they are, and no commit before it. */
    ConfigWorkTree forgetHistory() {
        git("checkout", "--quiet", "--orphan", "anew");
        return this;
    }

    /** The newest commit becomes the branch's, whatever the branch had. */
    String forcePush() {
        git("push", "--quiet", "--force", "origin", "HEAD:main");
        return git("rev-parse", "HEAD").strip();
    }

    /** Commits everything, without a push. */
    String commit(String message) {
        git("add", "--all");
        git("commit", "--quiet", "--message", message);
        return git("rev-parse", "HEAD").strip();
    }

    /** Pushes the newest commit to another branch as well. */
    void pushTo(String branch) {
        git("push", "--quiet", "origin", "HEAD:" + branch);
    }

    private String pushHead() {
        git("push", "--quiet", "origin", "HEAD:main");
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The settings of whoever runs the tests must not change what the commits are.
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
        return Programs.run(builder);
    }
}
