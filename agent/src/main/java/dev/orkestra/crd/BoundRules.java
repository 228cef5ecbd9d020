package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.schema.LinearPattern;
import dev.orkestra.schema.Words;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Limits of a single value: numbers, lengths, patterns, formats, enums. */
final class BoundRules {
    private static final int MOST_SHOWN = 12;

    /** Characters times states of a pattern that count as one unit of work. */
    private static final int MATCHING = 200;

    /** A quotient of more digits is not calculated. */
    private static final int MOST_DIGITS = 400;

    private final Report report;

    BoundRules(Report report) {
        this.report = report;
    }

    void scalar(Node.ScalarNode scalar, Schema schema, Place place) {
        switch (scalar.value()) {
            case String text -> text(text, schema, place);
            case Long number -> number(BigDecimal.valueOf(number), schema, place);
            case BigInteger number -> number(new BigDecimal(number), schema, place);
            case BigDecimal number -> number(number, schema, place);
            case null, default -> {}
        }
    }

    private void text(String text, Schema schema, Place place) {
        Schema.Bounds bounds = schema.bounds();
        if (bounds.sizes().containsKey("minLength") || bounds.sizes().containsKey("maxLength")) {
            size(
                    text.codePointCount(0, text.length()),
                    "Length",
                    new Node.ScalarNode(text, place.position()),
                    schema,
                    place);
        }
        LinearPattern pattern = bounds.pattern();
        if (pattern != null) {
            boolean isAffordable = report.mayWork((long) (text.length() + 1) * pattern.size() / MATCHING);
            if (isAffordable && !pattern.isFoundIn(text)) {
                report.error(
                        ErrorCode.WrongValue,
                        place.name() + " does not have the form " + Words.shortened(bounds.patternText()),
                        place.position(),
                        "");
            }
        }
        boolean hasFormat = schema.type().equals("string") || schema.type().isEmpty();
        if (hasFormat && !Formats.fits(bounds.format(), text)) {
            report.error(
                    ErrorCode.WrongValue,
                    place.name() + " must be " + Formats.described(bounds.format()),
                    place.position(),
                    "");
        }
    }

    private void number(BigDecimal number, Schema schema, Place place) {
        Schema.Bounds bounds = schema.bounds();
        String shown = Words.shortened(number.toString());
        BigDecimal least = bounds.minimum();
        if (least != null) {
            int order = number.compareTo(least);
            if (order < 0 || order == 0 && bounds.exclusiveMinimum()) {
                out(place, shown, bounds.exclusiveMinimum() ? "exclusiveMinimum" : "minimum", least);
            }
        }
        BigDecimal most = bounds.maximum();
        if (most != null) {
            int order = number.compareTo(most);
            if (order > 0 || order == 0 && bounds.exclusiveMaximum()) {
                out(place, shown, bounds.exclusiveMaximum() ? "exclusiveMaximum" : "maximum", most);
            }
        }
        BigDecimal step = bounds.multipleOf();
        if (step != null && step.signum() > 0 && !isMultiple(number, step)) {
            out(place, shown, "multipleOf", step);
        }
    }

    /** Of numbers a file may have, 1e400000000 is one: they are not divided before they are known to be small. */
    private static boolean isMultiple(BigDecimal number, BigDecimal step) {
        long digits = Math.abs((long) number.precision() - number.scale())
                + Math.abs((long) step.precision() - step.scale())
                + Math.abs((long) number.scale())
                + Math.abs((long) step.scale());
        return digits > MOST_DIGITS || number.remainder(step).signum() == 0;
    }

    private void out(Place place, String number, String keyword, BigDecimal bound) {
        report.error(
                ErrorCode.WrongValue,
                place.name() + " "
                        + dev.orkestra.schema.Bounds.say(
                                keyword,
                                JsonNodeFactory.instance.textNode(number),
                                JsonNodeFactory.instance.textNode(Words.shortened(bound.toPlainString()))),
                place.position(),
                "");
    }

    /** How long or large the value is; {@code what} is Length, Items or Properties. */
    void size(int size, String what, Node value, Schema schema, Place place) {
        Long least = schema.bounds().sizes().get("min" + what);
        Long most = schema.bounds().sizes().get("max" + what);
        if (least != null && size < least) {
            said(place, "min" + what, value, least);
        }
        if (most != null && size > most) {
            said(place, "max" + what, value, most);
        }
    }

    private void said(Place place, String keyword, Node value, long bound) {
        report.error(
                ErrorCode.WrongValue,
                place.name() + " "
                        + dev.orkestra.schema.Bounds.say(
                                keyword, value.toJson(), JsonNodeFactory.instance.numberNode(bound)),
                place.position(),
                "");
    }

    void allowed(Node value, Schema schema, Place place) {
        @Nullable Set<JsonNode> allowed = schema.bounds().allowed();
        if (allowed == null || allowed.contains(SameValues.of(value))) {
            return;
        }
        Set<String> shown = new TreeSet<>();
        allowed.forEach(each -> shown.add(each.isValueNode() ? each.asText() : each.toString()));
        String written = value instanceof Node.ScalarNode ? value.toJson().asText() : "";
        String is = value instanceof Node.ScalarNode ? "'" + Words.shortened(written) + "'" : Kinds.of(value);
        String names = String.join(
                ", ", shown.stream().limit(MOST_SHOWN).map(Words::shortened).toList());
        boolean isText = value instanceof Node.ScalarNode scalar && scalar.value() instanceof String;
        report.error(
                ErrorCode.WrongValue,
                place.name() + " is " + is + "; allowed: " + names
                        + (shown.size() > MOST_SHOWN ? " and " + (shown.size() - MOST_SHOWN) + " more" : ""),
                place.position(),
                Suggestions.closest(isText ? written : "", shown)
                        .map(close -> "did you mean '" + close + "'?")
                        .orElse(""));
    }
}
