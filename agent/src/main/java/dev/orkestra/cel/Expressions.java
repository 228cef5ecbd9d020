package dev.orkestra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.orkestra.document.GoDuration;
import dev.orkestra.schema.LinearPattern;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at a checked expression for what its types do not tell. */
final class Expressions {
    private static final int LONGEST = 300;
    private static final Set<CelKind> HOLDING = Set.of(CelKind.LIST, CelKind.MAP, CelKind.STRUCT);
    private static final Set<String> JOINING = Set.of("_==_", "_!=_", "_+_");

    /** Lists of all that would have been right; people look that up where they can read it. */
    private static final List<String> TAILS = List.of(" (candidates: ", " expecting {");

    private final CelAbstractSyntaxTree tree;
    private final List<CelExpr> all;

    Expressions(CelAbstractSyntaxTree tree) {
        this.tree = tree;
        this.all = all(tree);
    }

    /** All parts of an expression. */
    static List<CelExpr> all(CelAbstractSyntaxTree tree) {
        List<CelExpr> all = new ArrayList<>();
        Deque<CelExpr> open = new ArrayDeque<>(List.of(tree.getExpr()));
        while (!open.isEmpty()) {
            CelExpr expression = open.removeFirst();
            all.add(expression);
            children(expression).forEach(open::addLast);
        }
        return all;
    }

    private static List<CelExpr> children(CelExpr expression) {
        List<CelExpr> children = new ArrayList<>();
        switch (expression.getKind()) {
            case SELECT -> children.add(expression.select().operand());
            case CALL -> {
                expression.call().target().ifPresent(children::add);
                children.addAll(expression.call().args());
            }
            case LIST -> children.addAll(expression.list().elements());
            case STRUCT -> expression.struct().entries().forEach(entry -> children.add(entry.value()));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    children.add(entry.key());
                    children.add(entry.value());
                });
            case COMPREHENSION -> {
                var loop = expression.comprehension();
                children.addAll(List.of(
                        loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result()));
            }
            default -> {}
        }
        return children;
    }

    /** A constant text that can never be the pattern, duration or moment that it is used as. */
    Optional<CelCompilation.Wrong> wrongConstant() {
        for (CelExpr expression : all) {
            if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
                continue;
            }
            CelCall call = expression.call();
            Optional<CelExpr> constant = call.args().isEmpty() ? Optional.empty() : constant(call);
            if (constant.isPresent()) {
                String text = constant.get().constant().stringValue();
                String wrong = wrong(call.function(), text);
                if (!wrong.isEmpty()) {
                    return Optional.of(at(constant.get(), wrong));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<CelExpr> constant(CelCall call) {
        CelExpr last = call.function().equals("findAll")
                ? call.args().get(0)
                : call.args().getLast();
        boolean isText = last.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && last.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        return isText ? Optional.of(last) : Optional.empty();
    }

    private static String wrong(String function, String text) {
        return switch (function) {
            case "matches", "find", "findAll" ->
                LinearPattern.of(text).isPresent() ? "" : "the pattern is no regular expression";
            case "duration" -> GoDuration.parse(text).isPresent() ? "" : "the text is no duration";
            case "timestamp" -> isMoment(text) ? "" : "the text is no moment";
            default -> "";
        };
    }

    private static boolean isMoment(String text) {
        try {
            return OffsetDateTime.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private CelCompilation.Wrong at(CelExpr expression, String message) {
        Integer offset = tree.getSource().getPositionsMap().get(expression.id());
        Optional<CelSourceLocation> place =
                offset == null ? Optional.empty() : tree.getSource().getOffsetLocation(offset);
        return new CelCompilation.Wrong(
                message,
                place.map(CelSourceLocation::getLine).orElse(1),
                place.map(CelSourceLocation::getColumn).orElse(0) + 1);
    }

    /** Whether lists without an order, or what holds some, are compared or joined with more than an empty list. */
    boolean comparesUnordered(Shapes shapes) {
        return all.stream()
                .filter(expression -> expression.getKind() == CelExpr.ExprKind.Kind.CALL)
                .map(CelExpr::call)
                .filter(call -> JOINING.contains(call.function()))
                .filter(call -> call.args().stream().allMatch(this::mayHoldAList))
                .anyMatch(call -> call.args().stream().anyMatch(argument -> isUnordered(argument, shapes)));
    }

    private boolean mayHoldAList(CelExpr expression) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.LIST) {
            return !expression.list().elements().isEmpty();
        }
        if (expression.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expression.ident().name().startsWith("@")) {
            return false; // map and filter join what they make
        }
        return tree.getType(expression.id())
                .filter(type -> HOLDING.contains(type.kind()))
                .isPresent();
    }

    private boolean isUnordered(CelExpr expression, Shapes shapes) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.IDENT) {
            return shapes.isUnordered(expression.ident().name());
        }
        if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            Optional<CelType> type = tree.getType(expression.select().operand().id());
            if (type.filter(known -> known.kind() == CelKind.STRUCT).isPresent()) {
                return shapes.isUnordered(type.get().name(), expression.select().field());
            }
        }
        return children(expression).stream().anyMatch(child -> isUnordered(child, shapes));
    }

    /** The first line of what the library says, and not too much of it. */
    static String shortened(String message) {
        String line = message.lines().findFirst().orElse("").replace(" (in container '')", "");
        for (String tail : TAILS) {
            line = line.contains(tail) ? line.substring(0, line.indexOf(tail)) : line;
        }
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
