package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rights of containers, and protection by webhooks. */
final class SecurityRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "UnknownCapability",
                    "a capability is none that Linux knows",
                    """
                    The container runtime refuses to start the container. Names are those of Linux without CAP_, such as
                    NET_BIND_SERVICE, in any letter case, or ALL.""",
                    "Orkestra refuses it as well (validation step 28), in resource templates; not in profiles",
                    SecurityRules::capabilities),
            Rule.warning(
                    "ProtectionWithoutCrd",
                    "objects are protected from deletion, and their CRD is not",
                    """
                    Whoever deletes the CRD deletes all of its objects with it, protected or not. Both are on when they
                    are not written: set protectCRD to true, or protectCRs to false as well.""",
                    "Orkestra warns as well (validation step 26)",
                    SecurityRules::protection),
            Rule.warning(
                    "UnknownFailurePolicy",
                    "a webhook's failurePolicy is neither Fail nor Ignore",
                    """
                    The API server takes no other word, so the webhook would not be there at all and nothing would be
                    protected. Fail refuses a request when the webhook cannot be reached, Ignore lets it through.""",
                    "Orkestra does not look at this",
                    SecurityRules::failurePolicies));

    /** As in Linux' {@code capability.h}, up to kernel 6. */
    private static final Set<String> CAPABILITIES = Set.of("""
            AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE
            DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD
            NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT
            SYSLOG SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG
            WAKE_ALARM
            """.strip().split("\\s+"));

    private static final String PREFIX = "CAP_";
    private static final List<String> FAILURE_POLICIES = List.of("Fail", "Ignore");
    private static final List<String> WEBHOOKS = List.of("deletionProtection", "namespaceProtection", "webhooks");

    private SecurityRules() {}

    private static void capabilities(View view, Report report) {
        view.workloads().forEach(resource -> capabilities(resource.node(), "securityContext.capabilities", report));
        Presets.CONTAINER_SECURITY.declared(view).forEach(preset -> capabilities(preset, "capabilities", report));
    }

    private static void capabilities(Node.MapNode holder, String path, Report report) {
        for (String side : List.of("add", "drop")) {
            for (Node item : Fields.items(holder, path + "." + side)) {
                Fields.text(item)
                        .filter(name -> !Fields.isTemplate(name) && !isCapability(name))
                        .ifPresent(name ->
                                report.at(item, "'" + name + "' is no capability of Linux", capabilityHint(name)));
            }
        }
    }

    private static boolean isCapability(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals("ALL") || CAPABILITIES.contains(upper);
    }

    private static String capabilityHint(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (upper.startsWith(PREFIX) && isCapability(upper.substring(PREFIX.length()))) {
            return "write it without " + PREFIX + ": " + upper.substring(PREFIX.length());
        }
        return DidYouMean.of(upper, CAPABILITIES, "a name such as NET_BIND_SERVICE, or ALL");
    }

    private static void protection(View view, Report report) {
        for (Crd crd : view.crds()) {
            boolean isBuiltIn =
                    crd.map("apiTypes").filter(ApiTypes::isKindAlone).isPresent();
            for (Node.MapNode box :
                    isBuiltIn ? List.<Node.MapNode>of() : crd.boxes().values()) {
                Fields.map(box, "runtime.deletionProtection")
                        .filter(block -> !Fields.flag(block, "protectCRD").orElse(true))
                        .filter(block -> Fields.flag(block, "protectCRs").orElse(true))
                        .ifPresent(block -> report.at(
                                block,
                                "protectCRD",
                                "the objects of '" + crd.name() + "' are protected, and their CRD is not",
                                "remove 'protectCRD: false', or add 'protectCRs: false'"));
            }
        }
    }

    private static void failurePolicies(View view, Report report) {
        for (String webhook : WEBHOOKS) {
            Fields.get(view.root(), "security." + webhook + ".failurePolicy")
                    .filter(node -> !isFailurePolicy(node))
                    .ifPresent(node -> report.at(
                            node,
                            "the failurePolicy of security." + webhook + " is neither Fail nor Ignore",
                            DidYouMean.of(Fields.text(node).orElse(""), FAILURE_POLICIES, "write Fail or Ignore")));
        }
    }

    private static boolean isFailurePolicy(Node node) {
        return Fields.text(node).filter(FAILURE_POLICIES::contains).isPresent();
    }
}
