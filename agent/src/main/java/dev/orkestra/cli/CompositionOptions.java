package dev.orkestra.cli;

import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.SchemaMode;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of all commands that compose. */
final class CompositionOptions {
    private static final String NEWEST = "v0.7.18";
    private static final String ANY = "any";

    @Option(
            names = "--schema",
            paramLabel = NEWEST + "|" + ANY,
            defaultValue = ANY,
            converter = Generation.class,
            completionCandidates = Generations.class,
            description = "Which generations of the format are taken: " + ANY + ", with a warning for each key that "
                    + "has moved, or only that of Orkestra " + NEWEST + "; default: ${DEFAULT-VALUE}.")
    private SchemaMode schema = SchemaMode.ANY;

    /** Puts what was asked for into a request. */
    UnaryOperator<ComposeRequest> within(InputLimits limits) {
        return request -> request.withSchema(schema).withLimits(limits.file(), limits.imports());
    }

    SchemaMode schema() {
        return schema;
    }

    /** As people write it. */
    static final class Generation implements ITypeConverter<SchemaMode> {
        @Override
        public SchemaMode convert(String value) {
            return SchemaMode.of(value)
                    .orElseThrow(
                            () -> new TypeConversionException("it is " + NEWEST + " or " + ANY + ", not " + value));
        }
    }

    /** For the completion. */
    static final class Generations implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(NEWEST, ANY).iterator();
        }
    }
}
