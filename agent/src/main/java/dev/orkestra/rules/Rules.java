package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** All rules, and how they are asked. A new family of rules is one more line here. */
public final class Rules {
    static final List<Rule> ALL = Stream.of(
                    NameRules.ALL,
                    ApiTypeRules.ALL,
                    DependencyRules.ALL,
                    LifecycleRules.ALL,
                    TemplateRules.ALL,
                    ReconcilerRules.ALL,
                    RemoteRules.ALL,
                    QueueRules.ALL,
                    AutoscaleRules.ALL,
                    WorkloadProfileRules.ALL,
                    NamespaceRules.ALL,
                    ResourceRules.ALL,
                    CustomResourceRules.ALL,
                    NotificationRules.ALL,
                    AdmissionRules.ALL,
                    BackoffRules.ALL,
                    ClusterRules.ALL,
                    CompositionRules.ALL,
                    ConditionRules.ALL,
                    CrossRules.ALL,
                    DependencyConditionRules.ALL,
                    EventRules.ALL,
                    GatewayRules.ALL,
                    MotifRules.ALL,
                    ServeFieldRules.ALL,
                    ServeRules.ALL,
                    ServeTargetRules.ALL,
                    ServeTokenRules.ALL,
                    TestRules.ALL,
                    WatchScopeRules.ALL,
                    GatewayNeedRules.ALL,
                    EnrichRules.ALL,
                    SecurityRules.ALL,
                    ProfileRules.ALL,
                    NoteRules.ALL,
                    CopyRules.ALL,
                    WorkloadAutoscaleRules.ALL,
                    WorkloadRules.ALL,
                    LabelRules.ALL,
                    ExternalCallRules.ALL,
                    WatchRules.ALL,
                    GateRules.ALL)
            .flatMap(Collection::stream)
            .toList();

    private Rules() {}

    /**
     * What {@code root} breaks, each rule's findings in the order of the document.
     *
     * @param kind kind of the document; a Komposer is looked at as the Katalog that it composes
     * @param entryFile the file to blame first where several are involved
     * @param texts of the files that the document came from
     */
    public static List<Diagnostic> check(String kind, Node.MapNode root, String entryFile, TextLookup texts) {
        View view = View.of(kind, root, entryFile, texts);
        List<Diagnostic> findings = new ArrayList<>();
        for (Rule rule : ALL) {
            if (rule.kinds().contains(kind)) {
                rule.check().check(view, new Report(rule.info(), findings));
            }
        }
        return findings;
    }
}
