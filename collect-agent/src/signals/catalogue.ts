import type { Severity } from '@aetherius/shared/contracts';

/** What a reason means to us; `info` severities of Kubernetes' daily work are not in the table and not told. */
export type Meaning = { severity: Severity; signal: 'fault' | 'info' };

type Graded = Partial<Record<Severity | 'told', string>>;
type Row = { components: string; kinds: string; reasons: Graded };

/**
 * One reason string has several writers and meanings, so a row says who writes what about which kind.
 * Type is no measure: Kubernetes calls NodeNotReady and image back-offs Normal. `told` is recorded without being a fault.
 */
const rows: readonly Row[] = [
  {
    components: 'kubelet',
    kinds: 'Pod',
    reasons: {
      high: `Failed FailedKillPod FailedCreatePodContainer NetworkNotReady ErrImageNeverPull FailedPostStartHook
        FailedCreatePodSandBox FailedPodSandBoxStatus FailedPrepareDynamicResources FailedMount FailedMapVolume Evicted
        OutOfcpu OutOfmemory OutOfephemeral-storage OutOfpods UnexpectedAdmissionError SysctlForbidden VolumeResizeFailed
        InsufficientFreeCPU InsufficientFreeMemory`,
      medium: `Preempting ExceededGracePeriod InspectFailed FailedPreStopHook Unhealthy FileSystemResizeFailed
        VolumeConditionAbnormal FailedSync FailedValidation FailedToRetrieveImagePullSecret DeadlineExceeded ResizeDeferred
        ResizeInfeasible ResizeError NodeAffinity NodeName NodePorts TaintToleration InvalidNodeInfo UnknownReason
        TopologyAffinityError SMTAlignmentError NodeShutdown AppArmor PodOSNotSupported FailedDetachVolume FailedUnMount
        HostPortConflict NodeSelectorMismatching UnfinishedPreStopHook MissingClusterDNS`,
      low: `LifecycleHTTPFallback ProbeWarning SandboxChanged AlreadyMountedVolume InvalidEnvironmentVariableNames
        HostIPsIPFamilyMismatch DNSConfigForming InitContainerRestartPolicyForbidden UnsupportedMountOption`,
    },
  },
  {
    components: 'kubelet node-controller cloud-node-lifecycle-controller',
    kinds: 'Node',
    reasons: {
      critical: 'NodeNotReady',
      high: `NodeHasInsufficientMemory NodeHasDiskPressure NodeHasInsufficientPID Rebooted Shutdown KubeletSetupFailed
        FreeDiskSpaceFailed EvictionThresholdMet SystemOOM FailedNodeAllocatableEnforcement DeletingAllPods DeletingNode
        OutOfDisk`,
      medium: 'ContainerGCFailed ImageGCFailed MissingClusterDNS',
      low: 'CheckLimitsForResolvConf InvalidDiskCapacity PossibleMemoryBackedVolumesOnDisk CgroupV1 RemovingNode',
      told: 'NodeReady NodeSchedulable NodeNotSchedulable',
    },
  },
  {
    components: 'node-controller taint-eviction-controller',
    kinds: 'Pod',
    reasons: {
      critical: 'NodeNotReady',
      high: 'NodeControllerEviction TaintManagerEviction DeviceTaintManagerEviction',
    },
  },
  {
    components: 'node-ipam-controller route-controller',
    kinds: 'Node',
    reasons: {
      high: 'CIDRNotAvailable CIDRAssignmentFailed CloudCIDRAllocatorMismatch FailedToCreateRoute',
      medium: 'CloudCIDRAllocatorInvalidPodCIDR CloudCIDRAllocatorInvalidMode',
    },
  },
  {
    components: 'kernel-monitor systemd-monitor',
    kinds: 'Node',
    reasons: {
      high: 'TaskHung KernelOops Ext4Error IOError MemoryReadError XfsHasShutdown DockerHung FilesystemIsReadOnly',
      // Also written for a container that met its own limit, which the container's status tells better.
      medium: 'OOMKilling UnregisterNetDevice Ext4Warning',
      low: 'KubeletStart DockerStart ContainerdStart',
    },
  },
  {
    components: 'default-scheduler karpenter cluster-autoscaler',
    kinds: 'Pod',
    reasons: { high: 'FailedScheduling', medium: 'Preempted NotTriggerScaleUp', low: 'ScaleDown Evicted Disrupted' },
  },
  {
    components: 'attachdetach-controller kubelet',
    kinds: 'Pod',
    reasons: { high: 'FailedAttachVolume' },
  },
  {
    components: 'persistentvolume-controller external-provisioner volume-expand-controller external-resizer',
    kinds: 'PersistentVolumeClaim PersistentVolume',
    reasons: {
      high: 'ProvisioningFailed ClaimLost ClaimMisbound VolumeResizeFailed FailedMountOnFilesystemMismatch',
      medium: `FailedBinding VolumeMismatch ProvisioningCleanupFailed VolumeFailedDelete VolumeFailedRecycle
        VolumeUnknownReclaimPolicy`,
      low: 'ExternalProvisioning ExternalExpanding VolumeDelete RecyclerPod',
    },
  },
  {
    components:
      'replicaset-controller daemonset-controller statefulset-controller job-controller deployment-controller',
    kinds: 'ReplicaSet DaemonSet StatefulSet Job Deployment',
    reasons: {
      high: `FailedCreate ReplicaSetCreateError BackoffLimitExceeded DeadlineExceeded PodFailurePolicy FailedIndexes
        MaxFailedIndexesExceeded`,
      medium: `FailedDelete FailedUpdate RecreatingFailedPod SelectingAll DeploymentRollbackRevisionNotFound FailedDaemonPod
        UnknownCompletionMode`,
      low: 'RecreatingTerminatedPod DeploymentRollbackTemplateUnchanged SucceededDaemonPod TooManySucceededPods',
      told: 'ScalingReplicaSet DeploymentRollback',
    },
  },
  {
    components: 'cronjob-controller',
    kinds: 'CronJob',
    reasons: {
      high: 'FailedCreate UnparseableSchedule UnParseableCronJobSchedule InvalidSchedule UnknownTimeZone TooManyMissedTimes',
      medium: 'MissSchedule FailedGet',
      low: 'UnsupportedSchedule JobAlreadyActive MissingJob UnexpectedJob',
    },
  },
  {
    components: 'horizontal-pod-autoscaler',
    kinds: 'HorizontalPodAutoscaler',
    reasons: {
      high: 'FailedRescale FailedGetScale AmbiguousSelector',
      medium: `FailedComputeMetricsReplicas FailedGetResourceMetric FailedGetContainerResourceMetric FailedGetPodsMetric
        FailedGetObjectMetric FailedGetExternalMetric InvalidMetricSourceType SelectorRequired InvalidSelector`,
      low: 'FailedUpdateStatus',
      told: 'SuccessfulRescale',
    },
  },
  {
    components: 'service-controller endpoint-controller endpoint-slice-controller',
    kinds: 'Service Endpoints',
    reasons: {
      high: 'SyncLoadBalancerFailed UpdateLoadBalancerFailed UnAvailableLoadBalancer',
      // A lost race is tried again at once, and for an object that is not there yet the Event does not even name the
      // namespace; that a Service has no endpoints its own state tells.
      medium: `DeleteLoadBalancerFailed FailedToListPods FailedToListEndpointSlices InvalidIPAddress
        FailedToCreateEndpoint FailedToUpdateEndpoint FailedToUpdateEndpointSlices`,
      low: 'TopologyAwareHintsDisabled DeletingLoadBalancer DeletedLoadBalancer',
    },
  },
  {
    components: 'controllermanager',
    kinds: 'PodDisruptionBudget',
    reasons: {
      medium: 'CalculateExpectedPodCountFailed MultiplePodDisruptionBudgets NotDeleted',
      low: 'NoPods UnmanagedPods',
    },
  },
];

/** Warnings of daily work that mean nothing. */
const harmless = new Set(['TLSConfigChanged', 'InvalidDiskCapacity', 'PossibleMemoryBackedVolumesOnDisk', 'CgroupV1']);

const words = (text: string): string[] => text.split(/\s+/);

const table = new Map<string, Meaning>();
const anyComponent = new Map<string, Meaning>();
for (const { components, kinds, reasons } of rows) {
  for (const [grade, listed] of Object.entries(reasons)) {
    const meaning: Meaning =
      grade === 'told' ? { severity: 'low', signal: 'info' } : { severity: grade as Severity, signal: 'fault' };
    for (const reason of words(listed)) {
      for (const kind of words(kinds)) {
        anyComponent.set(`${reason}/${kind}`, anyComponent.get(`${reason}/${kind}`) ?? meaning);
        for (const component of words(components)) table.set(`${component}/${reason}/${kind}`, meaning);
      }
    }
  }
}

export type ReasonKey = { component: string; reason: string; kind: string; type: string };

/** What an Event means, or undefined when it is not worth telling. A writer we do not know is believed to mean what the known one does. */
export function meaningOf({ component, reason, kind, type }: ReasonKey): Meaning | undefined {
  if (harmless.has(reason)) return undefined;
  const known = table.get(`${component}/${reason}/${kind}`) ?? anyComponent.get(`${reason}/${kind}`);
  if (known !== undefined) return known;
  return type === 'Warning' ? { severity: 'medium', signal: 'fault' } : undefined;
}
