package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All rules, and how they are asked. A new family of rules is one more line here. */
public final class Rules {
    /**
     * Rules that are about the same thing.
     *
     * @param keys a document without any of these keys cannot break them, so that they need not look; empty when they
     *     always have to
     */
    private record Family(Set<String> keys, List<Rule> rules) {}

    private static final List<Family> FAMILIES = List.of(
            of(NameRules.ALL),
            of(ApiTypeRules.ALL),
            of(DependencyRules.ALL, "dependsOn"),
            of(LifecycleRules.ALL, "lifecycle", "policy"),
            of(TemplateRules.ALL),
            of(ReconcilerRules.ALL),
            of(RemoteRules.ALL, "remote"),
            of(QueueRules.ALL, "queue"),
            of(AutoscaleRules.ALL, "autoscale"),
            of(WorkloadProfileRules.ALL, "profile"),
            of(NamespaceRules.ALL, "allowedNamespaces", "restrictedNamespaces"),
            of(ResourceRules.ALL),
            of(CustomResourceRules.ALL, "custom"),
            of(NotificationRules.ALL, "notify", "notification"),
            of(AdmissionRules.ALL, "admission", "serve"),
            of(BackoffRules.ALL, "retryBackoff"),
            of(ClusterRules.ALL, "clusters"),
            of(CompositionRules.ALL),
            of(ConditionRules.ALL, "when", "or", "admission"),
            of(CrossRules.ALL, "cross"),
            of(DependencyConditionRules.ALL, "dependsOn"),
            of(EventRules.ALL, "events", "enqueueGate"),
            of(GatewayRules.ALL, "gateway", "publish"),
            of(MotifRules.ALL),
            of(ServeFieldRules.ALL, "serve"),
            of(ServeRules.ALL, "serve"),
            of(ServeTargetRules.ALL, "serve"),
            of(ServeTokenRules.ALL, "serve"),
            of(TestRules.ALL),
            of(WatchScopeRules.ALL),
            of(
                    GatewayNeedRules.ALL,
                    "gateway",
                    "notification",
                    "security",
                    "admission",
                    "deletionProtection",
                    "conversion"),
            of(EnrichRules.ALL, "enrich"),
            of(SecurityRules.ALL, "security", "securityContext", "capabilities", "deletionProtection"),
            of(ProfileRules.ALL, "profile", "profiles"),
            of(NoteRules.ALL, "notes"),
            of(CopyRules.ALL, "fromNamespace", "toNamespaces", "suffix"),
            of(WorkloadAutoscaleRules.ALL, "autoscale"),
            of(WorkloadRules.ALL),
            of(LabelRules.ALL, "labels", "annotations"),
            of(ExternalCallRules.ALL, "external"),
            of(WatchRules.ALL, "watch"),
            of(GateRules.ALL, "enqueueGate", "reconcileGate", "sentinels"));

    static final List<Rule> ALL =
            FAMILIES.stream().flatMap(family -> family.rules().stream()).toList();

    private static Family of(List<Rule> rules, String... keys) {
        return new Family(Set.of(keys), rules);
    }

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
        for (Family family : FAMILIES) {
            if (family.keys().isEmpty() || family.keys().stream().anyMatch(view::hasKey)) {
                check(family.rules(), view, findings);
            }
        }
        return findings;
    }

    private static void check(List<Rule> rules, View view, List<Diagnostic> findings) {
        for (Rule rule : rules) {
            if (rule.kinds().contains(view.kind())) {
                Report report = new Report(rule.info(), findings);
                rule.check().check(view, report);
                report.end(view.root().position());
            }
        }
    }

    /** What {@link #check} says, found by asking every rule. */
    static List<Diagnostic> checkAll(String kind, Node.MapNode root, String entryFile, TextLookup texts) {
        List<Diagnostic> findings = new ArrayList<>();
        check(ALL, View.of(kind, root, entryFile, texts), findings);
        return findings;
    }
}
