package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads YAML and JSON into nodes that know their places.
 *
 * <p>Our own walk over SnakeYAML's events, not jackson-dataformat-yaml, which reads {@code *alias} as text, leaves
 * {@code <<} as a key and keeps the last of two equal keys in silence; and events, not SnakeYAML's composed tree, so
 * that each limit holds while reading and not after (DESIGN.md §3). JSON goes the same way, being YAML.
 *
 * <p>Plain scalars mean what kubectl's reader takes them for; where other readers differ there is a warning
 * ({@code AmbiguousScalar}) that says which value is taken. A <em>key</em> such as {@code on} stays the text as
 * written, because kubectl would make {@code "true"} of it.
 */
public final class DocumentReader {
    private DocumentReader() {}

    /** Reads {@code bytes} within {@link Limits#DEFAULTS}. */
    public static ReadResult read(String file, byte[] bytes) {
        return read(file, bytes, Limits.DEFAULTS);
    }

    /**
     * Reads all documents of a file. Whatever the bytes are, the answer comes in time and memory that the limits
     * bound, and trouble is among the findings: nothing is thrown. An empty file has no documents and no findings.
     *
     * @param file name that positions carry
     * @param bytes content, UTF-8 with or without a byte order mark
     */
    public static ReadResult read(String file, byte[] bytes, Limits limits) {
        if (bytes.length > limits.maxBytes()) {
            return refused(limits.tooLarge(file, bytes.length));
        }
        Optional<Diagnostic> notText = TextDecoder.problem(file, bytes);
        if (notText.isPresent()) {
            return refused(notText.get());
        }
        Findings findings = new Findings();
        String text = TextDecoder.decode(bytes);
        EventWalk walk = new EventWalk(file, text, limits, findings);
        try {
            walk.run();
        } catch (EventWalk.Stopped stopped) {
            walk.abandon();
            findings.add(stopped.finding());
        } catch (YAMLException e) {
            walk.abandon();
            findings.add(SyntaxErrors.of(file, e));
        } catch (IllegalArgumentException e) {
            if (!SyntaxErrors.isOfScanner(e)) {
                throw e;
            }
            walk.abandon();
            findings.add(SyntaxErrors.atEnd(file, text));
        }
        return new ReadResult(walk.documents(), findings.list(file));
    }

    private static ReadResult refused(Diagnostic finding) {
        return new ReadResult(List.of(), List.of(finding));
    }
}
