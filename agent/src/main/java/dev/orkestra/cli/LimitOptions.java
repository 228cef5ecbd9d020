package dev.orkestra.cli;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Suggestions;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.InputLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --limit NAME=VALUE}, for every command that reads files: how people raise (or lower) a limit. */
final class LimitOptions {
    private static final Map<String, Long> FACTORS = Map.of("", 1L, "Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30);

    /** Digits of a number that is looked at: far more than any limit has, and never an overflow. */
    private static final int LONGEST = 12;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description = {
                "Limit for what is read; may be repeated. Of a file: maxBytes, maxDepth, maxAliases, maxDocuments,",
                "maxNodes; of imports: maxImportDepth, maxImports, maxImportBytes, maxImportTime.",
                "Sizes as 8Mi or 512Ki, times as 30s. Defaults: docs/limits.md."
            })
    private final Map<String, String> given = new LinkedHashMap<>();

    private enum Unit {
        NUMBER("a number"),
        SIZE("a size, such as 8Mi"),
        TIME("a time, such as 30s");

        private final String words;

        Unit(String words) {
            this.words = words;
        }
    }

    /**
     * The limits by name.
     *
     * @param least smallest value, in bytes, milliseconds or pieces
     * @param most the ceiling that no option moves
     */
    private record Known(String name, Unit unit, long normal, long least, long most) {}

    private static final List<Known> KNOWN = List.of(
            new Known("maxBytes", Unit.SIZE, Limits.DEFAULTS.maxBytes(), 1, Limits.LARGEST),
            new Known("maxDepth", Unit.NUMBER, Limits.DEFAULTS.maxDepth(), 1, Limits.DEEPEST),
            new Known("maxAliases", Unit.NUMBER, Limits.DEFAULTS.maxAliases(), 0, 1_000_000),
            new Known("maxDocuments", Unit.NUMBER, Limits.DEFAULTS.maxDocuments(), 1, 1_000_000),
            new Known("maxNodes", Unit.NUMBER, Limits.DEFAULTS.maxNodes(), 1, 100_000_000),
            new Known("maxImportDepth", Unit.NUMBER, ImportLimits.DEFAULTS.maxImportDepth(), 0, 100),
            new Known("maxImports", Unit.NUMBER, ImportLimits.DEFAULTS.maxImports(), 0, 1_000_000),
            new Known("maxImportBytes", Unit.SIZE, ImportLimits.DEFAULTS.maxImportBytes(), 0, 4L << 30),
            new Known(
                    "maxImportTime",
                    Unit.TIME,
                    ImportLimits.DEFAULTS.maxImportTime().toMillis(),
                    1,
                    Duration.ofHours(1).toMillis()));

    /**
     * The defaults with what was given.
     *
     * @throws ParameterException a name or a value is wrong; picocli shows it with the usage
     */
    InputLimits limits() {
        Map<String, Long> values = KNOWN.stream().collect(Collectors.toMap(Known::name, Known::normal));
        given.forEach((name, value) -> values.put(name, value(known(name), value)));
        return new InputLimits(
                new Limits(
                        number(values, "maxBytes"),
                        number(values, "maxDepth"),
                        number(values, "maxAliases"),
                        number(values, "maxDocuments"),
                        number(values, "maxNodes")),
                new ImportLimits(
                        number(values, "maxImportDepth"),
                        number(values, "maxImports"),
                        values.getOrDefault("maxImportBytes", 0L),
                        Duration.ofMillis(values.getOrDefault("maxImportTime", 0L))));
    }

    /** How the documentation shows each limit: name, default, ceiling. */
    static List<String> rows() {
        return KNOWN.stream()
                .map(known -> "| `" + known.name() + "` | " + shown(known.unit(), known.normal()) + " | "
                        + shown(known.unit(), known.most()) + " |")
                .toList();
    }

    private static int number(Map<String, Long> values, String name) {
        return Math.toIntExact(values.getOrDefault(name, 0L));
    }

    private Known known(String name) {
        return KNOWN.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = KNOWN.stream().map(Known::name).toList();
                    String meant = Suggestions.closest(name, names)
                            .map(nearest -> "did you mean " + nearest + "?")
                            .orElse("the limits are " + String.join(", ", names));
                    return wrong("there is no limit " + name + "; " + meant);
                });
    }

    private long value(Known limit, String text) {
        OptionalLong value = limit.unit() == Unit.TIME ? millis(text) : count(limit.unit(), text);
        return value.stream()
                .filter(number -> number >= limit.least() && number <= limit.most())
                .findFirst()
                .orElseThrow(() -> wrong(limit.name() + " needs " + limit.unit().words + ", from "
                        + shown(limit.unit(), limit.least()) + " to " + shown(limit.unit(), limit.most()) + ", not '"
                        + text + "'"));
    }

    private static OptionalLong millis(String text) {
        Optional<Duration> duration = GoDuration.parse(text).filter(time -> time.compareTo(Duration.ofDays(1)) < 0);
        return duration.map(time -> OptionalLong.of(time.toMillis())).orElse(OptionalLong.empty());
    }

    private static OptionalLong count(Unit unit, String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long factor = FACTORS.getOrDefault(text.substring(digits), 0L);
        boolean isNumber = digits > 0 && digits <= LONGEST && (unit == Unit.SIZE ? factor > 0 : factor == 1);
        return isNumber ? OptionalLong.of(Long.parseLong(text.substring(0, digits)) * factor) : OptionalLong.empty();
    }

    private static String shown(Unit unit, long value) {
        return switch (unit) {
            case TIME -> GoDuration.text(Duration.ofMillis(value));
            case SIZE -> value % (1 << 20) == 0 && value > 0 ? (value >> 20) + "Mi" : Long.toString(value);
            case NUMBER -> Long.toString(value);
        };
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), "--limit: " + message);
    }
}
