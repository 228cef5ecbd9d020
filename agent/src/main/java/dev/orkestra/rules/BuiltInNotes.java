package dev.orkestra.rules;

import java.util.Set;

/** The template functions that Orkestra calls notes: upstream's {@code pkg/note}, v0.7.18. */
final class BuiltInNotes {
    static final Set<String> NAMES = Set.of("""
            abs add allReplicasReady annotations asList asMap asString availableReplicas backingPodCount
            backingPodNames boolDefault boolTernary camelToKebab cidrContains clamp coalesce concat conditionMessage
            conditionReason containerCount containerEnv containerImage containerPort containerPortByName
            containerPorts contains creationTimestamp cronDescribe cronDom cronDow cronExpr cronField cronFromAny
            cronFromMap cronHour cronJobActiveCount cronJobLastJobName cronJobLastJobSucceeded
            cronJobLastScheduleTime cronJobLastSuccessTime cronJobLastSuccessfulJobName cronJobNextScheduleTime
            cronMinute cronMonth cronNormalize cronToMap cronValid default deploymentReplicaSetCount
            deploymentReplicaSets desiredReplicas div domainBare domainHost durationAdd durationSeconds
            durationValid empty endpointsReady eqTernary firstWarning formatQuantity fromBase64 generation get
            getAnnotation getAnnotationInt getBoolOr getIntOr getLabel getLabelInt getOr getServeAlias
            getServeSource getServeTarget getStatus getStringOr hasAnnotation hasCondition hasContainerPort
            hasCrashingPod hasEndpoints hasLabel hasPrefix hasServeAlias hasServeSource hasServeTarget hasStatus
            hasSuffix hasWarnings hpaAbleToScale hpaAtMax hpaCurrentReplicas hpaDesiredReplicas hpaMaxReplicas
            hpaMetricTypes hpaMinReplicas hpaScaleTargetKind hpaScaleTargetName hpaScaling hpaScalingActive
            hpaScalingLimited ingressClassName ingressHost ingressIP ingressLoadBalancerIPs ingressReady
            ingressRules ingressTLSHosts ingressTLSSecretCount ipIsPrivate ipValid isComposite isDNS1123Subdomain
            isDirectApply isEmpty isExpired isScalar isSynced isTerminating isValidAnnotationKey isValidEmail
            isValidGitRepository isValidImageRef isValidJSON isValidLabelKey isValidLabelValue isValidPort
            isValidURL jobActive jobActivePodNames jobFailed jobFailedPodNames jobFirstExitCode jobSucceeded
            jobSucceededPodNames join labelMatches labels len listGet listHas listLen lookup mapGet mapKeys mapOmit
            mapPick mapValues max meta min minusQuantity mod mul name namespace nextCron nodeAllocatableCPU
            nodeAllocatableMemory nodeCondition nodeReady nodeTaints notEmpty observedGeneration
            oldDeploymentReplicaSets ownerKind ownerName parseQuantity phase podByOrdinal podContainerReasons
            podContainerState podCount podCrashLoopDetected podCreateContainerErrorDetected podErrImagePullDetected
            podErrorDetected podIPs podImagePullBackOffDetected podInvalidImageNameDetected podMaxRestarts podNames
            podNodeInstanceType podNodeName podNodeRegion podNodeZone podNodes podOOMKilledDetected podPhases
            podPostStartHookErrorDetected podPreStartHookErrorDetected podRunContainerErrorDetected
            promAboveThreshold promBelowThreshold promLabelValues promMax promSeriesCount promSum promValue
            pvcAccessModes pvcBound pvcCapacity pvcPhase pvcProvisioner pvcStorageClass pvcStorageClassProvisioner
            pvcStorageClassReclaimPolicy pvcVolumeMode randomAlphanumeric randomBase64 randomHex readyPodCount
            readyReplicas repeat replace replicaSetOwnerKind replicaSetOwnerName repoSlug resourceCPU resourceExists
            resourceMemory resourceName resourceNamespace resourceUID resourceVersion rolloutComplete semverBump
            semverCompare semverConstraint semverMajor semverMinor semverPatch semverValid serviceClusterIP
            serviceEndpointCount serviceEndpoints serviceFirstEndpoint serviceLoadBalancerHost serviceLoadBalancerIP
            serviceNodePort sha256sum slugify spec split statefulSetCurrentRevision statefulSetPVCCount
            statefulSetUpdateRevision status sub subtractQuantity sumQuantity ternary timeAgo timeFormat
            timeInWindow timeNotInWindow timeSince timeUntil toBase64 toBool toFloat toInt toJSON toJson toList
            toLower toString toUpper trim trimPrefix trimSpace trimSuffix truncate truncateName typeBool typeList
            typeMap typeNull typeNumber typeOf typeString updatedReplicas uuidv4 warningCount warningMessages
            warningReasons weekday weekend
            """.strip().split("\\s+"));

    private BuiltInNotes() {}
}
