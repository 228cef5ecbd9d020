package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Workflow asks for, as far as the engine carries it out.
 *
 * @param name the Workflow's name, which is the root node's
 * @param entrypoint name of the template that is run first
 * @param parallelism how many steps may run at one time
 * @param deadline how long the whole may take
 * @param podGc which pods go when the Workflow is over
 * @param templates by name
 */
record WorkflowSpec(
        String name,
        String entrypoint,
        int parallelism,
        Optional<Duration> deadline,
        PodGc podGc,
        Map<String, Template> templates) {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*inputs\\.parameters\\.([^\\s}]+)\\s*}}");

    WorkflowSpec {
        templates = Map.copyOf(templates);
    }

    /** {@code podGC.strategy}, as far as it matters at the end of a Workflow. */
    enum PodGc {
        NEVER,
        WHEN_OVER,
        WHEN_SUCCEEDED
    }

    /** One template. */
    sealed interface Template {
        String name();

        /** Parameters that the template takes, with their defaults. */
        Map<String, Optional<String>> inputs();
    }

    /**
     * Tasks with an order.
     *
     * @param parallelism how many of its own tasks may be under way at one time
     * @param failFast whether no further task is begun once one has failed
     */
    record Dag(String name, Map<String, Optional<String>> inputs, List<Task> tasks, int parallelism, boolean failFast)
            implements Template {
        Dag {
            inputs = Map.copyOf(inputs);
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * A step: what a container does.
     *
     * @param container as the template has it, with references to inputs; never changed
     * @param retry whether and when it is tried again
     * @param deadline how long one try may take
     * @param token whether its pod gets the token of its service account
     */
    record Step(
            String name,
            Map<String, Optional<String>> inputs,
            ObjectNode container,
            Optional<Retry> retry,
            Optional<Duration> deadline,
            boolean token)
            implements Template {
        Step {
            inputs = Map.copyOf(inputs);
        }
    }

    /**
     * {@code retryStrategy} of a step.
     *
     * @param limit how many tries there may be after the first one
     * @param afterFailure whether one that ended as Failed is tried again
     * @param afterError whether one that ended as Error is: the engine or the cluster had trouble, not the step
     * @param backoff pause before the first new try
     * @param factor by which each further pause is longer
     */
    record Retry(int limit, boolean afterFailure, boolean afterError, Duration backoff, double factor) {
        /** No pause is longer than a day: the numbers come from a document. */
        private static final double LONGEST_SECONDS = 86_400;

        /** When the try after {@code tries} tries may begin. */
        Instant next(int tries, Instant lastEnd) {
            double seconds = backoff.toMillis() / 1000.0 * Math.pow(factor, tries - 1.0);
            return lastEnd.plusMillis(Math.round(1000 * Math.min(seconds, LONGEST_SECONDS)));
        }

        boolean covers(WorkflowNode.Phase end) {
            return end == WorkflowNode.Phase.Error ? afterError : afterFailure;
        }
    }

    /**
     * A template whose type only Argo knows.
     *
     * @param why what cannot be carried out
     */
    record NotCarriedOut(String name, Map<String, Optional<String>> inputs, String why) implements Template {}

    /**
     * One task of a DAG.
     *
     * @param template name of what it runs
     * @param dependencies tasks that must have succeeded before
     * @param arguments values of the template's inputs, with references to the DAG's own
     */
    record Task(String name, String template, List<String> dependencies, Map<String, String> arguments) {
        Task {
            dependencies = List.copyOf(dependencies);
            arguments = Map.copyOf(arguments);
        }
    }

    /** {@code container} with each reference to an input of the step put in. */
    static JsonNode resolved(JsonNode container, Map<String, String> inputs) {
        return switch (container) {
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                object.properties().forEach(field -> copy.set(field.getKey(), resolved(field.getValue(), inputs)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = array.arrayNode();
                array.forEach(element -> copy.add(resolved(element, inputs)));
                yield copy;
            }
            case TextNode text -> TextNode.valueOf(resolved(text.asText(), inputs));
            default -> container;
        };
    }

    /** References to inputs that are not there stay as they are, and the step refuses them. */
    static String resolved(String text, Map<String, String> inputs) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(inputs.getOrDefault(found.group(1), found.group())));
    }

    /** The template {@code template}; reading has made sure that it is there. */
    Template template(String template) {
        Template found = templates.get(template);
        if (found == null) {
            throw new IllegalStateException("no template " + template);
        }
        return found;
    }
}
