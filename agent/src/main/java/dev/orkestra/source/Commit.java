package dev.orkestra.source;

import java.time.Instant;
import java.util.List;

/**
 * A commit.
 *
 * @param id full object name in hexadecimal
 * @param parents their object names, in Git's order
 * @param author name of the author, without the mail address
 * @param time when it was committed, as the committer's clock said
 * @param subject first paragraph of the message on one line
 */
public record Commit(String id, List<String> parents, String author, Instant time, String subject) {
    public Commit {
        parents = List.copyOf(parents);
    }

    /** The first twelve digits, for people. */
    public String shortId() {
        return id.substring(0, Math.min(12, id.length()));
    }
}
