package dev.orkestra.embedded;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Workflow asks for, as far as the engine carries it out.
 *
 * @param name the Workflow's name, which is the root node's
 * @param entrypoint name of the template that is run first
 * @param parallelism how many steps may run at one time
 * @param templates by name
 */
record WorkflowSpec(String name, String entrypoint, int parallelism, Map<String, Template> templates) {
    WorkflowSpec {
        templates = Map.copyOf(templates);
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
     * A step: what a container would do.
     *
     * @param arguments of the container, with references to inputs
     */
    record Step(String name, Map<String, Optional<String>> inputs, List<String> arguments) implements Template {
        Step {
            inputs = Map.copyOf(inputs);
            arguments = List.copyOf(arguments);
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

    /** The template {@code template}; reading has made sure that it is there. */
    Template template(String template) {
        Template found = templates.get(template);
        if (found == null) {
            throw new IllegalStateException("no template " + template);
        }
        return found;
    }
}
