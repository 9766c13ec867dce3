import type { Severity, Subject } from '@aetherius/shared/contracts';
import type { HeldKind, KubeEvent, Pod } from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { type Meaning, meaningOf } from './catalogue.ts';
import { isNodesDoing, patienceForPlace, podSubject, subjectNamed } from './fingerprint.ts';
import { podHealth } from './health.ts';
import { hasRecovered, isHistory } from './recovery.ts';
import { isLongPast, type Signal, weighs } from './signal.ts';

type Read = {
  component: string;
  reason: string;
  kind: string;
  type: string;
  message: string;
  count: number;
  at: string | undefined;
};
type Refined = Meaning & { reason: string; holdMs: number };

/** Who wrote an Event: kubelets fill `source`, schedulers leave it empty and fill `reportingComponent`. */
export const componentOf = ({ source, reportingComponent }: KubeEvent): string =>
  source?.component || reportingComponent || '';

/** When an Event last happened; which field has it depends on the writer. */
export const timeOf = (event: KubeEvent): string | undefined =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.firstTimestamp ??
  event.metadata.creationTimestamp;

/** How often an Event happened. */
export const countOf = ({ series, count }: KubeEvent): number => Math.max(1, series?.count ?? count ?? 1);

const read = (event: KubeEvent): Read => ({
  component: componentOf(event),
  reason: event.reason ?? '',
  kind: event.involvedObject.kind,
  type: event.type ?? 'Normal',
  message: event.message ?? '',
  count: countOf(event),
  at: timeOf(event),
});

/**
 * How an Event is to be looked at. Most are daily work, whatever the objects that they are about look like. Where evidence will be
 * gathered, or the object is not known yet, the rest of what is going on has to be here first.
 */
export function urgencyOf(event: KubeEvent, facts: Facts): 'never' | 'at_once' | 'settled' {
  const refined = refine(read(event));
  if (refined === undefined) return 'never';
  const { kind, namespace, name } = event.involvedObject;
  const isKnown = facts.find(kind as HeldKind, namespace, name) !== undefined;
  return isKnown && !weighs(refined) ? 'at_once' : 'settled';
}

/** What an Event says, in at most one signal; nothing when it is daily work, past, or about something that is gone. */
export function fromEvent(event: KubeEvent, facts: Facts, now: number): Signal[] {
  const about = read(event);
  const refined = refine(about);
  if (refined === undefined || isLongPast(about.at, now)) return [];
  const { kind, name, namespace = null } = event.involvedObject;
  const pod = kind === 'Pod' ? facts.find('Pod', namespace, name) : undefined;
  if (kind === 'Pod' && (pod === undefined || isOver(pod, about, refined, now))) return [];
  const subject =
    pod === undefined
      ? subjectNamed(facts, kind, namespace, name)
      : podSubject(facts, pod, refined.reason, about.message);
  if (refined.signal === 'fault' && hasRecovered({ subject, at: about.at }, facts, now)) return [];
  return [signalOf(event, about, refined, { facts, subject, pod })];
}

type Context = { facts: Facts; subject: Subject; pod: Pod | undefined };

function signalOf(event: KubeEvent, about: Read, refined: Refined, { facts, subject, pod }: Context): Signal {
  const { involvedObject: involved, metadata } = event;
  const held = facts.find(involved.kind as HeldKind, involved.namespace, involved.name);
  return {
    type: 'k8s_event',
    signal: refined.signal,
    severity: refined.severity,
    reason: refined.reason,
    message: about.message,
    source: about.component || 'unknown',
    object: {
      api_version: involved.apiVersion ?? 'v1',
      kind: involved.kind,
      namespace: involved.namespace ?? null,
      name: involved.name,
      // A kubelet writes its node's name where the uid belongs.
      uid: held?.metadata.uid ?? involved.uid ?? null,
    },
    subject,
    node: pod?.spec.nodeName ?? (subject.kind === 'Node' ? subject.name : null),
    count: about.count,
    at: about.at,
    identity: [metadata.uid, about.count, about.at ?? ''],
    holdMs: refined.holdMs,
  };
}

/** Things that can only go wrong before a container runs. */
const startReasons = new Set([
  'FailedScheduling',
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreatePodSandBox',
  'NetworkNotReady',
  'ErrImagePull',
  'ImagePullBackOff',
  'CreateContainerConfigError',
]);

/** Whether a pod has got over what an Event says of it, or is being taken down anyway. */
function isOver(pod: Pod, { at, message }: Read, { reason }: Refined, now: number): boolean {
  if (isNodesDoing(reason, message)) return false;
  if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase === 'Succeeded') return true;
  if (reason === 'FailedScheduling' && pod.spec.nodeName !== undefined) return true;
  if (startReasons.has(reason) && pod.status.phase === 'Running' && podHealth(pod) !== undefined) return true;
  return isHistory(podHealth(pod), at, now);
}

const SECOND = 1_000;
const fault = (reason: string, severity: Severity, holdMs = 0): Refined => ({
  reason,
  severity,
  signal: 'fault',
  holdMs,
});

/** The one reason string of Kubernetes that means several things is told apart by its message. */
function refine(about: Read): Refined | undefined {
  const special = about.kind === 'Pod' && Object.hasOwn(ofPod, about.reason) ? ofPod[about.reason] : undefined;
  if (special !== undefined) return special(about);
  const meaning = meaningOf(about);
  return meaning && { ...meaning, reason: about.reason || 'Unknown', holdMs: patience(about) };
}

/** Some warnings are ordinary in the first seconds; said three times they are meant. */
const patienceOf: Record<string, number> = {
  FailedMount: 15 * SECOND,
  FailedMapVolume: 15 * SECOND,
  FailedAttachVolume: 30 * SECOND,
  FailedCreatePodSandBox: 10 * SECOND,
  NetworkNotReady: 30 * SECOND,
  FailedCreate: 2 * SECOND,
  ProvisioningFailed: 2 * SECOND,
};

function patience({ reason, count, message }: Read): number {
  // A scheduler tries again with each change of the cluster, so for it only time counts.
  if (reason === 'FailedScheduling') return patienceForPlace(message);
  return count >= 3 || !Object.hasOwn(patienceOf, reason) ? 0 : (patienceOf[reason] ?? 0);
}

const ofPod: Record<string, (about: Read) => Refined | undefined> = {
  BackOff: ({ message }) =>
    /pulling image/i.test(message) ? fault('ImagePullBackOff', 'high') : fault('CrashLoopBackOff', 'critical'),
  Failed: (about) => fault(failedReason(about.message), 'high'),
  InspectFailed: () => fault('InvalidImageName', 'high'),
  Killing: ({ message }) => {
    if (/failed liveness probe/.test(message)) return fault('LivenessProbeFailed', 'high');
    return /failed startup probe/.test(message) ? fault('StartupProbeFailed', 'high') : undefined;
  },
  Unhealthy: ({ message, count }) => {
    if (message.startsWith('Liveness')) return count >= 2 ? fault('LivenessProbeFailed', 'high') : undefined;
    if (count < 3) return undefined;
    return fault(
      message.startsWith('Startup') ? 'StartupProbeFailed' : 'ReadinessProbeFailed',
      count >= 10 ? 'high' : 'medium',
    );
  },
};

const namedError =
  /^Error: (ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError|RunContainerError)\b/;

function failedReason(message: string): string {
  const named = namedError.exec(message)?.[1];
  if (named !== undefined) return named;
  if (/^Failed to pull image/.test(message)) return 'ErrImagePull';
  if (/(configmap|secret) ".*" not found|couldn't find key|runAsNonRoot/.test(message))
    return 'CreateContainerConfigError';
  return /invalid reference format|InvalidImageName/.test(message) ? 'InvalidImageName' : 'Failed';
}
