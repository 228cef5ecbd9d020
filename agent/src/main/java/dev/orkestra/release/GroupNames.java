package dev.orkestra.release;

/** Names on the wire: those of Azure Orkestra to the letter, and our own (DESIGN.md §7). They are never renamed. */
public final class GroupNames {
    /** On all objects of a group: always {@code orkestra}. */
    public static final String HERITAGE = "orkestra.azure.microsoft.com/heritage";

    public static final String HERITAGE_VALUE = "orkestra";
    /** On all objects of a group: its name. */
    public static final String OWNER = "orkestra.azure.microsoft.com/owner";
    /** On Workflows: {@code forward}, {@code reverse} or {@code rollback}. */
    public static final String WORKFLOW_TYPE = "orkestra.azure.microsoft.com/workflow-type";
    /** On Workflows: the group's generation that they carry out. */
    public static final String GENERATION = "orkestra.azure.microsoft.com/appgroup-generation";
    /** On HelmReleases: the chart's name before it was made a DNS label. */
    public static final String CHART = "orkestra.azure.microsoft.com/chart";
    /** Annotation of HelmReleases of subcharts: their application. */
    public static final String PARENT_CHART = "orkestra.azure.microsoft.com/parent-chart";
    /** On groups and Workflows. */
    public static final String FINALIZER = "orkestra.azure.microsoft.com/finalizer";
    /** Annotation of groups: the last spec whose forward Workflow succeeded, as JSON. */
    public static final String LAST_SUCCESSFUL = "orkestra.azure.microsoft.com/last-successful-appgroup";

    /** Annotation of groups beside {@link #LAST_SUCCESSFUL}: the charts that belong to that spec. */
    public static final String LAST_SUCCESSFUL_CHARTS = "orkestra.dev/last-successful-charts";
    /** Annotation of Workflows: the charts that were staged for it, as JSON. */
    public static final String CHARTS = "orkestra.dev/charts";
    /** Annotation of HelmReleases: {@code sha256:…} of the chart archive. It pins what an engine installs. */
    public static final String CHART_DIGEST = "orkestra.dev/chart-digest";
    /** Annotation of HelmReleases: their place in the graph, so that they can be removed in order later. */
    public static final String GRAPH_NODE = "orkestra.dev/graph-node";
    /** On Workflows: uid of the group that they were made for; another of its name is not meant. */
    public static final String GROUP_UID = "orkestra.dev/group-uid";
    /** Annotation of HelmReleases and Workflows: the mark of {@link ReleaseSeal}. */
    public static final String SEAL = "orkestra.dev/seal";
    /** Annotation of groups: {@code run} when a ConfigRepo's run owns remediation (DESIGN.md §5). */
    public static final String REMEDIATION = "orkestra.dev/remediation";

    public static final String REMEDIATION_BY_RUN = "run";
    /** Says which Argo controller a Workflow is meant for. */
    public static final String INSTANCE_ID = "workflows.argoproj.io/controller-instanceid";

    /** Field manager of Workflows, HelmRepositories and group status. */
    public static final String MANAGER = "orkestra-group";

    public static final String WORKFLOW_API = "argoproj.io/v1alpha1";
    public static final String HELM_RELEASE_API = "helm.toolkit.fluxcd.io/v2";
    public static final String HELM_REPOSITORY_API = "source.toolkit.fluxcd.io/v1";

    private GroupNames() {}
}
