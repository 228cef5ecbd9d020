package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;

/** Gives scalars and tags their meaning, and notes what is refused or ambiguous. */
final class ScalarEvents {
    private static final String STANDARD = "tag:yaml.org,2002:";

    private final String file;
    private final Findings findings;
    private final Set<Position> ambiguousKeys = new HashSet<>();
    private final Set<Position> ambiguousValues = new HashSet<>();
    private int warningsBefore;

    ScalarEvents(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    void beginDocument() {
        ambiguousKeys.clear();
        ambiguousValues.clear();
        warningsBefore = findings.warningCount();
    }

    /**
     * Takes back the warnings about keys in the five kinds of Orkestra: they are never read by kubectl, and have a
     * field that is called {@code on}. Takes the values out of those about a Secret, whose kind may stand behind them.
     */
    void endDocument(Document document) {
        if (holdsSecret(document)) {
            hideValues();
        }
        if (document.apiVersion()
                .filter(version -> version.startsWith("orkestra.orkspace.io/"))
                .isPresent()) {
            findings.dropWarnings(
                    warningsBefore,
                    finding -> finding.at().filter(ambiguousKeys::contains).isPresent());
        }
        ambiguousValues.clear();
    }

    /** Takes the values out of the warnings about a document whose kind will never be known: it may be a Secret. */
    void abandonDocument() {
        hideValues();
    }

    private void hideValues() {
        findings.rewordWarnings(
                warningsBefore,
                finding -> finding.at()
                        .filter(place -> finding.code() == ErrorCode.AmbiguousScalar && ambiguousValues.contains(place))
                        .map(place -> Diagnostic.warning(
                                ErrorCode.AmbiguousScalar,
                                "the value is ambiguous: kubectl and other readers take it for different things",
                                place,
                                finding.hint()))
                        .orElse(finding));
    }

    /** Whether it is a Secret, or a list that may hold one. */
    private static boolean holdsSecret(Document document) {
        String kind = document.kind().orElse("");
        return kind.equals("Secret")
                || kind.equals("SecretList")
                || kind.equals("List")
                        && document.mapping().flatMap(root -> root.list("items")).stream()
                                .flatMap(items -> items.items().stream())
                                .anyMatch(item -> item instanceof Node.MapNode map
                                        && map.text("kind")
                                                .filter("Secret"::equals)
                                                .isPresent());
    }

    static boolean isMergeKey(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (scalar.getTag() == null ? scalar.isPlain() : scalar.getTag().equals(STANDARD + "merge"));
    }

    /** A value as {@link Node.ScalarNode} keeps it. */
    @Nullable
    Object value(ScalarEvent scalar) {
        String text = checkedText(scalar);
        String tag = scalar.getTag();
        if (tag == null) {
            return scalar.isPlain() ? plain(scalar) : text;
        }
        if (tag.equals("!") || tag.equals(STANDARD + "str")) {
            return text;
        }
        if (!isOneOf(tag, "int", "float", "bool", "null")) {
            unsupportedTag(tag, at(scalar));
            return text;
        }
        @Nullable Object value = Scalars.ofPlain(text) instanceof Scalars.Value(Object meant, var _) ? meant : text;
        boolean fits = switch (tag.substring(STANDARD.length())) {
            case "int" -> value instanceof Long || value instanceof BigInteger;
            case "float" -> value instanceof Long || value instanceof BigInteger || value instanceof BigDecimal;
            case "bool" -> value instanceof Boolean;
            default -> value == null;
        };
        if (!fits) {
            findings.add(Diagnostic.error(
                    ErrorCode.WrongValue,
                    "the tag !!" + tag.substring(STANDARD.length()) + " does not fit this value",
                    at(scalar),
                    "remove the tag or mend the value"));
        }
        return value;
    }

    private @Nullable Object plain(ScalarEvent scalar) {
        refuseMark(scalar);
        return switch (Scalars.ofPlain(scalar.getValue())) {
            case Scalars.Value(Object value, String ambiguity) -> {
                if (ambiguity != null) {
                    ambiguousValues.add(at(scalar));
                    ambiguous(
                            "'" + scalar.getValue() + "' is ambiguous: " + ambiguity,
                            at(scalar),
                            "taken as kubectl does; put it in quotes if the text is meant, else write the value plainly");
                }
                yield value;
            }
            case Scalars.NotFinite() -> {
                findings.add(Diagnostic.error(
                        ErrorCode.WrongValue,
                        "not a finite number that a double can hold",
                        at(scalar),
                        "JSON has no such number; put it in quotes if the text is meant"));
                yield scalar.getValue();
            }
        };
    }

    /** The text of a key; what is not text is noted and taken as written. */
    String key(ScalarEvent scalar) {
        String text = checkedText(scalar);
        String tag = scalar.getTag();
        if (tag != null) {
            if (!tag.equals("!") && !tag.equals(STANDARD + "str")) {
                unsupportedTag(tag, at(scalar));
            }
            return text;
        }
        if (!scalar.isPlain()) {
            return text;
        }
        refuseMark(scalar);
        if (Scalars.isOldBoolean(text)) {
            ambiguousKeys.add(at(scalar));
            ambiguous(
                    "the key '" + text + "' is ambiguous: kubectl makes a truth value of it",
                    at(scalar),
                    "taken as the text; put it in quotes");
        } else if (!(Scalars.ofPlain(text) instanceof Scalars.Value(Object value, var _) && value instanceof String)) {
            findings.add(Diagnostic.error(
                    ErrorCode.NonStringKey,
                    text.isEmpty() ? "an empty key" : "the key '" + text + "' is not text",
                    at(scalar),
                    text.isEmpty() ? "write the key before the colon" : "put it in quotes"));
        }
        return text;
    }

    /** Nobody sees it, and to SnakeYAML it is part of the word. In quotes it is meant. */
    private void refuseMark(ScalarEvent scalar) {
        if (scalar.getValue().indexOf('\uFEFF') >= 0) {
            findings.add(Diagnostic.error(
                    ErrorCode.NotYaml,
                    "not valid YAML: a byte order mark (U+FEFF) in the middle of the file",
                    at(scalar),
                    "remove it; it is invisible, and joining files leaves it behind"));
        }
    }

    void checkCollectionTag(@Nullable String tag, String allowed, Position position) {
        if (tag != null && !tag.equals("!") && !tag.equals(STANDARD + allowed)) {
            unsupportedTag(tag, position);
        }
    }

    private static boolean isOneOf(String tag, String... names) {
        for (String name : names) {
            if (tag.equals(STANDARD + name)) {
                return true;
            }
        }
        return false;
    }

    private void unsupportedTag(String tag, Position position) {
        String shown = tag.startsWith(STANDARD) ? "!!" + tag.substring(STANDARD.length()) : tag;
        findings.add(Diagnostic.error(
                ErrorCode.UnsupportedTag,
                "the tag " + shown + " is not supported here",
                position,
                "remove it; a manifest holds text, numbers, truth values, lists and mappings only"));
    }

    private void ambiguous(String message, Position position, String hint) {
        findings.add(Diagnostic.warning(ErrorCode.AmbiguousScalar, message, position, hint));
    }

    /** The text, unless an escape in it made half of a surrogate pair, which no UTF-8 can hold. */
    private String checkedText(ScalarEvent scalar) {
        String text = scalar.getValue();
        boolean broken = text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (broken) {
            findings.add(Diagnostic.error(
                    ErrorCode.NotUtf8, "an escape for half a character", at(scalar), "write both halves of the pair"));
            return text.replaceAll("\\p{Cs}", "\uFFFD");
        }
        return text;
    }

    private Position at(ScalarEvent scalar) {
        Mark mark = scalar.getStartMark();
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
