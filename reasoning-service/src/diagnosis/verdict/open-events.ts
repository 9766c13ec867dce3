import { type Bundle, type BundleEvent, seconds } from '@aetherius/shared/contracts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Health } from '../health/health-state.ts';
import { reliefOf } from '../health/status-scope.ts';
import { own } from '../json-path.ts';
import { waitsForNewNode } from '../scale-up.ts';

const RANGE = seconds('1h');
const SKEW = seconds('5m');
/** Of an object that is still broken, older words still count: the kubelet repeats itself seldom, and clusters keep events long. */
const RANGE_WHILE_BROKEN = seconds('24h');
const STILL_GOING = seconds('5m');
const OFTEN = 10;

/** What a kubelet only gets to when the sandbox stands and every volume is mounted. */
const withVolumes = [
  'Pulling',
  'Pulled',
  'Created',
  'Started',
  'Failed',
  'BackOff',
  'ErrImageNeverPull',
  'InspectFailed',
];

/** By which the controllers of a cluster say that a node is one no more. */
export const removals = ['RemovingNode', 'DeletingNode'];

/** A pod is placed once and never waits again; of two coarse ages that are the same this came last. */
const ONCE = 'Scheduled';

/** What ends a warning: the later event on the same object that shows that what failed has worked. */
const cures: Record<string, readonly string[]> = {
  FailedScheduling: ['Scheduled'],
  FailedMount: [...withVolumes, 'SuccessfulMountVolume'],
  FailedAttachVolume: [...withVolumes, 'SuccessfulAttachVolume'],
  Failed: ['Started'],
  InspectFailed: ['Started'],
  Pulling: ['Pulled', 'Created', 'Started'],
  FailedCreatePodSandBox: withVolumes,
  NetworkNotReady: withVolumes,
  NodeNotReady: ['NodeReady', ...removals],
  InvalidDiskCapacity: ['NodeReady', 'NodeHasNoDiskPressure'],
  KubeletSetupFailed: removals,
  Shutdown: removals,
  NodeHasDiskPressure: removals,
  NodeHasInsufficientMemory: removals,
  NodeHasInsufficientPID: removals,
  EvictionThresholdMet: removals,
  FreeDiskSpaceFailed: removals,
  ProvisioningFailed: ['ProvisioningSucceeded'],
  SyncLoadBalancerFailed: ['EnsuredLoadBalancer'],
  VolumeResizeFailed: ['VolumeResizeSuccessful', 'FileSystemResizeSuccessful'],
  ReplicaSetCreateError: ['ScalingReplicaSet'],
  FailedGetResourceMetric: ['SuccessfulRescale'],
  FailedGetContainerResourceMetric: ['SuccessfulRescale'],
  FailedGetPodsMetric: ['SuccessfulRescale'],
  FailedGetObjectMetric: ['SuccessfulRescale'],
  FailedGetExternalMetric: ['SuccessfulRescale'],
  FailedComputeMetricsReplicas: ['SuccessfulRescale'],
  FailedGetScale: ['SuccessfulRescale'],
};

/** A pod counts as ready up to the very restart that its liveness probe brings, and again right after it. */
const livenessTrouble = /^Liveness probe failed|failed liveness probe/;

/** What happened stays true of these although the object fares well again. */
const lasting = new Set([
  'Evicted',
  'OOMKilling',
  'SystemOOM',
  'MissSchedule',
  'TooManyMissedTimes',
  'Rebooted',
  'ScaleDownFailed',
  'FailedDraining',
  'EvictionFailed',
  'NotDeleted',
]);

const curesOf = (event: BundleEvent): readonly string[] => [
  ...(own(cures, event.reason) ?? []),
  ...[reliefOf(event)].filter((reason) => reason !== undefined),
];

/** Whether an event lies in the time that the bundle is about. */
export function isInTime(event: BundleEvent, now: number, isBroken: boolean): boolean {
  const age = (now - Date.parse(event.last_timestamp)) / 1000;
  return age >= -SKEW && age <= (isBroken ? RANGE_WHILE_BROKEN : RANGE);
}

const unready = /^(?:Readiness|Startup) probe failed/;
const lastRemoved = /^Scaled down replica set (\S{1,253})(?: from \d{1,6})? to 0\b/;

/** When a Deployment had the last of its former pods removed, which it only does once the new ones serve. */
function takeoversIn(events: readonly BundleEvent[]): (event: BundleEvent) => boolean {
  const takeovers = events.flatMap(({ kind, namespace, name, message, last_timestamp: at }) => {
    const former = kind === 'Deployment' ? lastRemoved.exec(message)?.[1] : undefined;
    return former === undefined ? [] : [{ namespace, pods: `${name}-`, former: `${former}-`, at: Date.parse(at) }];
  });
  return ({ kind, namespace, name, message, last_timestamp: at }) =>
    kind === 'Pod' &&
    unready.test(message) &&
    takeovers.some(
      (one) =>
        one.namespace === namespace &&
        name.startsWith(one.pods) &&
        !name.startsWith(one.former) &&
        one.at > Date.parse(at),
    );
}

/** Whether an event was followed by one, on the same object or of its Deployment, that shows that what failed has worked or soon will. */
export function overcomeIn({ events, at: now }: Bundle): (event: BundleEvent) => boolean {
  const latest = new Map<string, number>();
  for (const event of events) {
    const key = `${event.reason} ${keyOf(event)}`;
    latest.set(key, Math.max(latest.get(key) ?? 0, Date.parse(event.last_timestamp)));
  }
  const isTakenOver = takeoversIn(events);
  return (event) => {
    const at = Date.parse(event.last_timestamp);
    const after = (cure: string) => (latest.get(`${cure} ${keyOf(event)}`) ?? 0) - at;
    if (event.reason === 'FailedScheduling' && waitsForNewNode({ events, at: now }, subjectOf(event))) return true;
    return isTakenOver(event) || curesOf(event).some((cure) => after(cure) > 0 || (cure === ONCE && after(cure) === 0));
  };
}

/** The events that still say something: in time, not followed by their cure, not about what fares well again. */
export function openEvents(
  bundle: Bundle,
  healthAt: (key: string, event: BundleEvent) => Health | undefined,
): BundleEvent[] {
  const now = Date.parse(bundle.at);
  const isCured = overcomeIn(bundle);
  const isOver = (event: BundleEvent, state: Health['state'] | undefined): boolean => {
    if (lasting.has(event.reason) || (state !== 'healthy' && state !== 'finished')) return false;
    const age = (now - Date.parse(event.last_timestamp)) / 1000;
    if (state === 'healthy' && livenessTrouble.test(event.message)) return age > STILL_GOING;
    return event.count < OFTEN || age > STILL_GOING;
  };
  return bundle.events.filter((event) => {
    const state = healthAt(keyOf(event), event)?.state;
    return isInTime(event, now, state === 'broken') && !isCured(event) && !isOver(event, state);
  });
}
