package dev.orkestra.cli;

import dev.orkestra.agent.AgentSettings;
import dev.orkestra.cluster.Identity;
import dev.orkestra.release.GroupSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the agent carries ApplicationGroups out; most of it is for Argo's pods. */
final class GroupOptions {
    @Option(
            names = "--executor-image",
            paramLabel = "IMAGE",
            defaultValue = "orkestra-agent:latest",
            description = "Image of Argo's executor pods: the agent's own; default: ${DEFAULT-VALUE}.")
    private String image = "";

    @Option(
            names = "--executor-command",
            paramLabel = "WORDS",
            defaultValue = "ork",
            description = "How ork is started in that image; default: ${DEFAULT-VALUE}.")
    private String command = "";

    @Option(
            names = "--executor-service-account",
            paramLabel = "NAME",
            defaultValue = "orkestra",
            description = "Service account of Argo's executor pods; default: ${DEFAULT-VALUE}.")
    private String serviceAccount = "";

    @Option(
            names = "--executor-retries",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "How often a step is tried again after an error of the infrastructure; 0: never; default: ${DEFAULT-VALUE}.")
    private int retries;

    @Option(
            names = "--argo-instance-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Which of several Argo controllers is meant.")
    private String instanceId = "";

    @Option(
            names = "--workflow-parallelism",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many nodes of a group's workflow run at once; default: ${DEFAULT-VALUE}.")
    private int parallelism;

    @Option(
            names = "--disable-remediation",
            description = "A failed group that no ConfigRepo applied is left as it is, not rolled back or reversed.")
    private boolean remediationDisabled;

    @Option(
            names = "--groups-service-account",
            paramLabel = "NAMESPACE/NAME",
            defaultValue = "",
            description = "Who answers for ApplicationGroups that no ConfigRepo applied, where everybody who may write"
                    + " groups may do what this account may. Default: nobody; such groups are denied.")
    private String standIn = "";

    /** What is wrong, for a usage error; empty when nothing is. */
    String trouble() {
        if (parallelism < 1) {
            return "--workflow-parallelism is at least 1";
        }
        if (!standIn.isEmpty() && !standIn.matches("[a-z0-9][-a-z0-9]*/[a-z0-9][-a-z0-9.]*")) {
            return "--groups-service-account needs NAMESPACE/NAME";
        }
        return retries < 0 ? "--executor-retries is at least 0" : "";
    }

    AgentSettings.Groups settings() {
        List<String> words = Arrays.stream(command.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList();
        return new AgentSettings.Groups(
                new GroupSettings.Executors(
                        serviceAccount, image, words, retries == 0 ? "" : Integer.toString(retries)),
                instanceId,
                parallelism,
                !remediationDisabled,
                standIn());
    }

    private Optional<Identity> standIn() {
        int slash = standIn.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(new Identity(standIn.substring(0, slash), standIn.substring(slash + 1)));
    }
}
