package dev.orkestra.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output. As each PrintWriter it throws nothing when it cannot write, but it knows why: a reader that has seen
 * enough ({@code | head}) is no trouble of the user's, a full disk is.
 */
final class ResultPrinter extends PrintWriter {
    private final Remembering stream;

    ResultPrinter(OutputStream stream) {
        this(new Remembering(stream));
    }

    private ResultPrinter(Remembering stream) {
        super(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
        this.stream = stream;
    }

    /** Why not all was written; empty when it was, or when nobody reads any more. Flushes. */
    Optional<String> trouble() {
        IOException failure = checkError() ? stream.failure : null;
        return Optional.ofNullable(failure)
                .map(exception -> String.valueOf(exception.getMessage()))
                .filter(message -> !message.toLowerCase(Locale.ROOT).contains("broken pipe"));
    }

    private static final class Remembering extends FilterOutputStream {
        private @Nullable IOException failure;

        Remembering(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
