package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An ApplicationGroup as the agent reads it. Reading never fails: what is missing is empty, and {@link GroupRules}
 * says what is wrong. So a group that was stored long ago, or by hand, can always be looked at and deleted.
 *
 * @param name name of the cluster-scoped resource
 * @param applications in the order of the spec
 * @param conditions what must be true before anything is installed
 */
public record ApplicationGroup(String name, List<Application> applications, List<GroupCondition> conditions) {
    public static final String API_VERSION = "orkestra.azure.microsoft.com/v1alpha1";
    public static final String KIND = "ApplicationGroup";

    /** The default of {@code spec.chart.version}: the newest release. */
    public static final String ANY_VERSION = "*";
    /** The default of {@code spec.release.interval}. */
    public static final String DEFAULT_INTERVAL = "5m";

    public ApplicationGroup {
        applications = List.copyOf(applications);
        conditions = List.copyOf(conditions);
    }

    /** Reads the resource {@code object}. */
    public static ApplicationGroup of(JsonNode object) {
        return of(object.path("metadata").path("name").asText(""), object.path("spec"));
    }

    /** Reads a spec alone, as the annotation {@code last-successful-appgroup} keeps it. */
    public static ApplicationGroup of(String name, JsonNode spec) {
        List<Application> applications = new ArrayList<>();
        spec.path("applications").forEach(each -> applications.add(Application.of(each)));
        List<GroupCondition> conditions = new ArrayList<>();
        spec.path("conditions").forEach(each -> conditions.add(GroupCondition.of(each)));
        return new ApplicationGroup(name, applications, conditions);
    }

    public Optional<Application> application(String wanted) {
        return applications.stream().filter(each -> each.name.equals(wanted)).findFirst();
    }

    /**
     * One application: one chart, or one chart and its subcharts as releases of their own.
     *
     * @param name node in the graph
     * @param dependencies applications that must be finished first
     * @param subcharts declared subcharts; any makes all embedded charts separate releases
     * @param workflow what is done for each release; empty means one {@code helmrelease} executor
     */
    public record Application(
            String name,
            List<String> dependencies,
            Chart chart,
            Release release,
            List<Subchart> subcharts,
            List<Executor> workflow) {
        public Application {
            dependencies = List.copyOf(dependencies);
            subcharts = List.copyOf(subcharts);
            workflow = List.copyOf(workflow);
        }

        static Application of(JsonNode node) {
            JsonNode spec = node.path("spec");
            List<Subchart> subcharts = new ArrayList<>();
            spec.path("subcharts")
                    .forEach(each -> subcharts.add(
                            new Subchart(each.path("name").asText(""), texts(each.path("dependencies")))));
            List<Executor> workflow = new ArrayList<>();
            spec.path("workflow").forEach(each -> workflow.add(Executor.of(each)));
            return new Application(
                    node.path("name").asText(""),
                    texts(node.path("dependencies")),
                    Chart.of(spec.path("chart")),
                    Release.of(spec.path("release")),
                    subcharts,
                    workflow);
        }
    }

    /**
     * Where a chart comes from.
     *
     * @param url base URL of a Helm repository, or of a folder of an OCI registry
     * @param version exact version or range; {@code *} when the spec names none
     * @param secretNamespace namespace of the credentials, {@code default} when the spec names none
     * @param secretName Secret with username and password; empty without credentials
     */
    public record Chart(String url, String name, String version, String secretNamespace, String secretName) {
        static Chart of(JsonNode node) {
            JsonNode secret = node.path("authSecretRef");
            return new Chart(
                    node.path("url").asText(""),
                    node.path("name").asText(""),
                    nonEmpty(node.path("version"), ANY_VERSION),
                    nonEmpty(secret.path("namespace"), "default"),
                    secret.path("name").asText(""));
        }
    }

    /**
     * How a chart is released.
     *
     * @param targetNamespace namespace of the HelmRelease and of what it installs
     * @param interval as written
     * @param timeout as written; empty when the spec names none
     * @param values Helm values; an empty object when there are none
     * @param valuesFrom further values, which stand in objects of the target namespace
     * @param actions the fields install, upgrade, rollback and uninstall that are set, as written
     */
    public record Release(
            String targetNamespace,
            String interval,
            String timeout,
            ObjectNode values,
            List<ValuesFrom> valuesFrom,
            ObjectNode actions) {
        public Release {
            valuesFrom = List.copyOf(valuesFrom);
        }

        private static final List<String> ACTIONS = List.of("install", "upgrade", "rollback", "uninstall");

        static Release of(JsonNode node) {
            ObjectNode actions = JsonNodeFactory.instance.objectNode();
            for (String action : ACTIONS) {
                if (node.path(action) instanceof ObjectNode set) {
                    actions.set(action, set.deepCopy());
                }
            }
            List<ValuesFrom> valuesFrom = new ArrayList<>();
            node.path("valuesFrom").forEach(each -> valuesFrom.add(ValuesFrom.of(each)));
            return new Release(
                    node.path("targetNamespace").asText(""),
                    nonEmpty(node.path("interval"), DEFAULT_INTERVAL),
                    node.path("timeout").asText(""),
                    node.path("values") instanceof ObjectNode values
                            ? values.deepCopy()
                            : JsonNodeFactory.instance.objectNode(),
                    valuesFrom,
                    actions);
        }

        /** The timeout, where one is set and can be read. */
        public Optional<Duration> timeoutDuration() {
            return GoDuration.parse(timeout);
        }
    }

    /**
     * Values that stand in an object of the target namespace, so that no secret need be a value of the group.
     *
     * @param reference as Flux takes it: kind, name, valuesKey, targetPath, optional
     * @param subchart the subchart that it is for; empty for the application's own chart
     */
    public record ValuesFrom(ObjectNode reference, String subchart) {
        private static final List<String> FIELDS = List.of("kind", "name", "valuesKey", "targetPath", "optional");

        static ValuesFrom of(JsonNode node) {
            ObjectNode reference = JsonNodeFactory.instance.objectNode();
            FIELDS.stream().filter(node::hasNonNull).forEach(field -> reference.set(field, node.get(field)));
            return new ValuesFrom(reference, node.path("subchart").asText(""));
        }
    }

    /**
     * A chart inside a chart.
     *
     * @param dependencies other subcharts of the same application that must be finished first
     */
    public record Subchart(String name, List<String> dependencies) {
        public Subchart {
            dependencies = List.copyOf(dependencies);
        }
    }

    /**
     * One step for each release of an application.
     *
     * @param type {@code helmrelease}, {@code keptn} or {@code custom}; anything else that is written means the first
     * @param dependencies other executors of the same list
     * @param image the container of a custom executor, as written; empty for the others
     * @param params what the executor wants to know, as written; a missing node when nothing is written
     */
    public record Executor(String name, String type, List<String> dependencies, ObjectNode image, JsonNode params) {
        public static final String HELM_RELEASE = "helmrelease";
        public static final String KEPTN = "keptn";
        public static final String CUSTOM = "custom";
        private static final Set<String> TYPES = Set.of(HELM_RELEASE, KEPTN, CUSTOM);

        /** The one that an application gets which names none. */
        public static final Executor STANDARD = new Executor(
                HELM_RELEASE,
                HELM_RELEASE,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.missingNode());

        public Executor {
            dependencies = List.copyOf(dependencies);
        }

        static Executor of(JsonNode node) {
            String type = node.path("type").asText("").toLowerCase(Locale.ROOT);
            return new Executor(
                    node.path("name").asText(""),
                    TYPES.contains(type) ? type : HELM_RELEASE,
                    texts(node.path("dependencies")),
                    node.path("image") instanceof ObjectNode image
                            ? image.deepCopy()
                            : JsonNodeFactory.instance.objectNode(),
                    node.path("params"));
        }
    }

    private static String nonEmpty(JsonNode node, String otherwise) {
        String text = node.asText("");
        return text.isEmpty() ? otherwise : text;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText("")));
        return texts;
    }
}
