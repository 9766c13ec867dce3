import type { BundleEvent, BundleObject } from '@aetherius/shared/contracts';
import { citeAlerts, type Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { isLeaving, LEAVING } from '../health/held-deletion.ts';
import { speaksOf } from '../health/status-scope.ts';
import { waitsForPod } from '../health/waiting-claim.ts';
import { isTrueAt } from '../json-path.ts';
import { RUNTIME_DOWN } from '../messages/container-runtime.ts';
import { firing } from '../rules/performance.ts';
import { overcomeIn, removals } from './open-events.ts';

/** Warnings that come with healthy clusters, or about things that are not broken by them. */
const harmless = new Set([
  'TLSConfigChanged',
  'InvalidDiskCapacity',
  'DNSConfigForming',
  'CgroupV1',
  'FailedToRetrieveImagePullSecret',
  'TopologyAwareHintsDisabled',
  'ProbeWarning',
  'LifecycleHTTPFallback',
  'PossibleMemoryBackedVolumesOnDisk',
  'FailedDaemonPod',
  'UnexpectedJob',
  'KubeletStart',
  'ContainerdStart',
  'AlreadyMountedVolume',
  'InvalidEnvironmentVariableNames',
]);
const OFTEN = 3;

/** What is still wrong when no rule knows why: broken objects, warnings that repeat, alerts that fire. */
export type Trouble = { objects: BundleObject[]; events: BundleEvent[]; alerts: string[] };

export function troubleIn(facts: Facts): Trouble {
  const objects = facts.bundle.objects.filter(
    (object) => facts.health(object).state === 'broken' && !waitsForPod(facts, object),
  );
  const events = openWarnings(facts).filter(
    (event) => event.count >= OFTEN || saidByNode(event) || isStuckEnd(facts, event),
  );
  return { objects, events, alerts: firing(facts).map(({ id }) => id) };
}

/** Warnings that are neither harmless nor about what fares well, be they said once; the latest first. */
export const openWarnings = (facts: Facts): BundleEvent[] =>
  facts.open.filter(
    (event) =>
      event.type !== 'Normal' &&
      !harmless.has(event.reason) &&
      !isConflict(event) &&
      !isFine(facts, event) &&
      !isOnItsWay(facts, event),
  );

/** Two wrote at once, and who came second tries again with what it reads then. */
const isConflict = ({ message, count }: BundleEvent): boolean =>
  count < OFTEN && message.includes('the object has been modified; please apply your changes to the latest version');

/** A startup probe that fails is how a start looks that still has time, and any probe that does is how an end looks. */
function isOnItsWay({ graph, health }: Facts, event: BundleEvent): boolean {
  const pod = event.reason === 'Unhealthy' ? graph.find(subjectOf(event)) : undefined;
  const isExpected = pod !== undefined && (isLeaving(pod) || /^Startup probe failed/.test(event.message));
  return isExpected && health(pod).state === 'progressing';
}

/** What the journal of a node says once is meant: the kernel names no pod, and none that fares well is known to be the one. */
const saidByNode = ({ reason, component }: BundleEvent): boolean => reason === RUNTIME_DOWN || component === 'kernel';

/** What could not be ended once and is still there. */
function isStuckEnd({ graph }: Facts, event: BundleEvent): boolean {
  const pod = event.reason === 'FailedKillPod' ? graph.find(subjectOf(event)) : undefined;
  return pod !== undefined && isLeaving(pod);
}

/** An event on a pod whose workload has all its pods is a matter of the past, and so is one on what says with its status that it is. */
function isFine(facts: Facts, event: BundleEvent): boolean {
  const object = facts.graph.find(subjectOf(event)) ?? facts.graph.find(facts.top(subjectOf(event)));
  return (
    object !== undefined && speaksOf(object, event) && ['healthy', 'finished'].includes(facts.health(object).state)
  );
}

export const isQuiet = ({ objects, events, alerts }: Trouble): boolean =>
  objects.length === 0 && events.length === 0 && alerts.length === 0;

/** Objects that are told to go, and nothing says since when: they may just have been, or be stuck for days. */
export const leavingUntold = (facts: Facts): BundleObject[] =>
  facts.bundle.objects.filter((object) => {
    const { state, line } = facts.health(object);
    return state === 'unclear' && line === LEAVING;
  });

const calm = new Set(['healthy', 'finished', 'progressing']);

/** What shows that all is well: lines of objects that say so, those of the subject first. */
export function signsOfHealth(facts: Facts): Evidence[] {
  const closest = (object: BundleObject) => Number(!isSame(object, facts.subject));
  return [...facts.bundle.objects]
    .filter((object) => calm.has(facts.health(object).state) || waitsForPod(facts, object))
    .sort((a, b) => closest(a) - closest(b))
    .slice(0, 4)
    .flatMap((object) => citeObject(object, facts.health(object).line));
}

/** Where nothing has a status, as in manifests, there is at least what was looked at. A part of a description is no design. */
export const signsOfDesign = (facts: Facts): Evidence[] => [
  ...facts.bundle.objects
    .filter(({ body }) => !isTrueAt(body, 'status.isPart'))
    .flatMap((object) => citeObject(object, 'spec.'))
    .slice(0, 2),
  ...citeAlerts(isOnlyWatched(facts) ? facts.bundle.alerts : []),
];

/** What schedulers, kubelets and controllers say as things go their way; a pull or a back-off that nothing follows may be stuck. */
const inOrder = new Set(
  'Scheduled TriggeredScaleUp ScaleDown ScaleDownEmpty Pulled Created Started Killing Completed Preempted SuccessfulCreate SuccessfulDelete ScalingReplicaSet SuccessfulRescale SawCompletedJob SuccessfulAttachVolume SuccessfulMountVolume ProvisioningSucceeded NodeReady RegisteredNode Starting NodeAllocatableEnforced NodeHasSufficientMemory NodeHasNoDiskPressure NodeHasSufficientPID LeaderElection EnsuredLoadBalancer Synced Sync'.split(
    ' ',
  ),
);

/** Events are all that there is, and each tells of something that went its way: the latest of them. */
export function signsOfOrder({ bundle, open }: Facts): Evidence[] {
  const { objects, events, logs, alerts } = bundle;
  const stillOpen = new Set(open.map(({ id }) => id));
  const isAll = [objects, logs, alerts].every((part) => part.length === 0);
  const removed = new Set(events.filter(({ reason }) => removals.includes(reason)).map(keyOf));
  const isOvercome = overcomeIn(bundle);
  const isInOrder = events.every(
    (event) =>
      isOvercome(event) ||
      (event.type === 'Normal'
        ? inOrder.has(event.reason) || removed.has(keyOf(event))
        : harmless.has(event.reason) && !stillOpen.has(event.id)),
  );
  return isAll && isInOrder ? citeEvents(events.slice(-4), 4) : [];
}

const alwaysThere = /^(?:Watchdog|DeadMansSwitch|InfoInhibitor)$/i;

/** Alerts are all that there is: they are over, or show that alerting works. */
export const isOnlyWatched = ({ bundle }: Facts): boolean =>
  bundle.alerts.length > 0 &&
  bundle.alerts.every(({ name, ends_at: end }) => end !== null || alwaysThere.test(name)) &&
  [bundle.objects, bundle.events, bundle.logs, bundle.metrics].every((part) => part.length === 0);
