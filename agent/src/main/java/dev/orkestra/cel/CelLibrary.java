package dev.orkestra.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.extensions.CelComprehensionsExtensions;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelSetsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The language with all the functions that it has here. Reading an expression checks its types, finds unknown fields
 * and functions, and costs a few milliseconds at most. Safe for use from many threads.
 */
public final class CelLibrary {
    /**
     * What the API server knows and this does not: versions ({@code semver}), {@code format.named} and
     * {@code format.datetime}, {@code sortBy}, {@code includes} of Kubernetes 1.37, the authorizer, and JSON patches. An expression
     * that uses one is {@link CelCompilation.NotSupported}, never wrong.
     */
    public static final Set<String> UNSUPPORTED = Set.of(
            "semver",
            "isSemver",
            "format.named",
            "format.datetime",
            "sortBy",
            "includes",
            "authorizer",
            "JSONPatch",
            "Object");

    /** Longer expressions are refused unread; the API server's own limit is the size of a definition. */
    private static final int LONGEST = 20_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableHomogeneousLiterals(true)
            .enableRegexPartialMatch(true)
            .enableOptionalSyntax(true)
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(100)
            .comprehensionMaxIterations((int) CelBudget.ONE_EXPRESSION)
            .maxRegexProgramSize(20_000)
            .build();

    private static final CelLibrary KUBERNETES = new CelLibrary();

    private final Cel base;

    private CelLibrary() {
        FunctionSet functions = new FunctionSet();
        ListFunctions.addTo(functions);
        TextFunctions.addTo(functions);
        QuantityFunctions.addTo(functions);
        AddressFunctions.addTo(functions);
        FormatFunctions.addTo(functions);
        CelStringExtensions strings = CelExtensions.strings(
                CelStringExtensions.Function.CHAR_AT,
                CelStringExtensions.Function.JOIN,
                CelStringExtensions.Function.LOWER_ASCII,
                CelStringExtensions.Function.QUOTE,
                CelStringExtensions.Function.REPLACE,
                CelStringExtensions.Function.SPLIT,
                CelStringExtensions.Function.SUBSTRING,
                CelStringExtensions.Function.TRIM,
                CelStringExtensions.Function.UPPER_ASCII);
        CelSetsExtensions sets = CelExtensions.sets(OPTIONS);
        CelListsExtensions lists = CelExtensions.lists();
        CelComprehensionsExtensions comprehensions = CelExtensions.comprehensions();
        base = CelFactory.plannerCelBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(strings, sets, lists, comprehensions, CelExtensions.optional())
                .addRuntimeLibraries(strings, sets, lists, comprehensions, CelExtensions.optional())
                .addFunctionDeclarations(functions.declarations())
                .addFunctionBindings(functions.bindings())
                .build();
    }

    /** The language as the API server has it. */
    public static CelLibrary kubernetes() {
        return KUBERNETES;
    }

    /** A language in which the variables have these shapes. Making one is the dear part: use it for many expressions. */
    public Variables with(Map<String, CelShape> variables) {
        return new Variables(base, variables);
    }

    /** The language and some variables. */
    public static final class Variables {
        private final Cel cel;
        private final Shapes shapes;

        private Variables(Cel base, Map<String, CelShape> variables) {
            this.shapes = new Shapes();
            var builder = base.toCelBuilder();
            variables.forEach((name, shape) -> builder.addVar(name, shapes.variable(name, shape)));
            this.cel = builder.setTypeProvider(shapes).build();
        }

        /** Reads and checks {@code expression}. */
        public CelCompilation compile(String expression) {
            if (expression.length() > LONGEST) {
                return new CelCompilation.NotSupported("the expression is longer than " + LONGEST + " characters");
            }
            try {
                CelValidationResult read = cel.compile(expression);
                if (read.hasError()) {
                    return problem(expression, read.getErrors());
                }
                return checked(read.getAst());
            } catch (CelValidationException e) {
                return problem(expression, e.getErrors());
            } catch (CelEvaluationException | RuntimeException e) {
                // The library throws for some expressions that it should refuse, and it is not for us to say which.
                return new CelCompilation.NotSupported("the expression cannot be read here");
            }
        }

        private CelCompilation checked(CelAbstractSyntaxTree tree) throws CelEvaluationException {
            Expressions expressions = new Expressions(tree);
            Optional<CelCompilation.Wrong> wrong = expressions.wrongConstant();
            if (wrong.isPresent()) {
                return wrong.get();
            }
            if (expressions.comparesUnordered(shapes)) {
                return new CelCompilation.NotSupported("comparing or joining lists that are sets or maps");
            }
            return new CelCompilation.Compiled(new CelProgram(cel.createProgram(tree), tree));
        }

        private static CelCompilation problem(String expression, List<CelIssue> issues) {
            Set<String> missing = new TreeSet<>(UNSUPPORTED);
            missing.removeIf(name -> issues.stream()
                    .noneMatch(issue -> issue.getMessage().contains("'" + name + "'")
                            || issue.getMessage().contains("'" + name + ".")));
            UNSUPPORTED.stream()
                    .filter(name -> name.indexOf('.') > 0 && expression.contains(name + "("))
                    .forEach(missing::add);
            if (expression.contains(".sortBy(")) {
                // The library makes lists of pairs for it, which it then refuses for being mixed.
                missing.add("sortBy");
            }
            if (!missing.isEmpty()) {
                return new CelCompilation.NotSupported(
                        "the function " + missing.iterator().next());
            }
            CelIssue first = ImmutableList.copyOf(issues).getFirst();
            int line = Math.max(1, first.getSourceLocation().getLine());
            int column = Math.max(0, first.getSourceLocation().getColumn()) + 1;
            return new CelCompilation.Wrong(Expressions.shortened(first.getMessage()), line, column);
        }
    }
}
