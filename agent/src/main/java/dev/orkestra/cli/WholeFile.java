package dev.orkestra.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a file whole or not at all: who reads it meanwhile sees the old one or the new one, never half of one. */
final class WholeFile {
    private static final StandardOpenOption[] NEW = {StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW};

    private WholeFile() {}

    /**
     * Writes {@code text} to {@code file}, beside it first. An old file keeps its permissions, and a link its place.
     *
     * @return why it was not written; empty when it was
     */
    static Optional<String> write(Path file, String text) {
        Path target = file;
        @Nullable Path beside = null;
        try {
            if (Files.exists(file)) {
                // A rename over /dev/null or a pipe would take it away from everybody.
                target = file.toRealPath();
                if (!Files.isRegularFile(target)) {
                    return Optional.of("it is there and is not a file");
                }
            }
            // Two writers at once must not write to one name.
            beside = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            Files.deleteIfExists(beside);
            Files.write(beside, text.getBytes(StandardCharsets.UTF_8), NEW);
            keepPermissions(target, beside);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(reason(e));
        } finally {
            remove(beside);
        }
    }

    private static void keepPermissions(Path old, Path replacement) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(replacement, PosixFileAttributeView.class);
        if (view != null && Files.exists(old)) {
            view.setPermissions(Files.getPosixFilePermissions(old));
        }
    }

    private static void remove(@Nullable Path beside) {
        try {
            if (beside != null) {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            // What kept it from being written has been told; a file with .tmp at its end harms nobody.
        }
    }

    private static String reason(IOException exception) {
        return switch (exception) {
            case NoSuchFileException _ -> "its folder is not there";
            case AccessDeniedException _ -> "you may not write there";
            default -> "it cannot be written: " + exception.getMessage();
        };
    }
}
