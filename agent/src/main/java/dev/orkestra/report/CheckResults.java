package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Set;

/**
 * What the checks of all named files found.
 *
 * @param version of the program that checked
 * @param places where the files lie
 * @param files in the order in which they were named
 * @param asked what is told of files beside their findings
 */
public record CheckResults(String version, SourceRoot places, List<CheckedFile> files, Set<Detail> asked) {
    public CheckResults {
        files = List.copyOf(files);
        asked = Set.copyOf(asked);
    }

    /** All findings, file by file. */
    public List<Diagnostic> findings() {
        return files.stream().flatMap(file -> file.findings().stream()).toList();
    }

    /** Whether all files could be read. */
    public boolean isComplete() {
        return files.stream().allMatch(CheckedFile::isRead);
    }

    /** 0 when all is in order, 1 when there are errors, 2 when a file could not be read. */
    public int exitCode() {
        if (!isComplete()) {
            return 2;
        }
        return files.stream().anyMatch(CheckedFile::hasErrors) ? 1 : 0;
    }

    /** {@code 2 files checked: 1 error, no warnings}. */
    public String summary() {
        long read = files.stream().filter(CheckedFile::isRead).count();
        long unread = files.size() - read;
        return Count.of(read, "file") + " checked: " + Count.of(findings())
                + (unread == 0 ? "" : "; " + unread + " could not be read");
    }
}
