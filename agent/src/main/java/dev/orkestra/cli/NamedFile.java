package dev.orkestra.cli;

import dev.orkestra.document.Limits;
import dev.orkestra.katalog.Provided;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file that people named on the command line. */
sealed interface NamedFile {
    /**
     * It is there.
     *
     * @param bytes its content
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Read(Workspace workspace, byte[] bytes) implements NamedFile {}

    /**
     * It cannot be read.
     *
     * @param reason why, for people, and how to mend it
     */
    record Unreadable(String reason) implements NamedFile {}

    /** Opens {@code file}, which is relative to {@code folder}. */
    static NamedFile open(Path folder, Path file, Limits limits) {
        try {
            Workspace workspace = Workspace.around(folder, file, limits);
            return switch (workspace.read(workspace.entry())) {
                case Provided.Content(byte[] bytes) -> new Read(workspace, bytes);
                case Provided.Absent() -> new Unreadable("there is no such file");
                case Provided.Files _ -> throw new IllegalStateException("a file was read, not a folder");
                case Provided.Unreadable(var _, String message, String hint) ->
                    new Unreadable(message + " (" + hint + ")");
            };
        } catch (IOException e) {
            return new Unreadable(Workspace.reason(e));
        }
    }

    /** The first of {@code names} that is in {@code folder}. */
    static Optional<Path> firstOf(Path folder, List<Path> names) {
        return names.stream().filter(name -> Files.exists(folder.resolve(name))).findFirst();
    }
}
