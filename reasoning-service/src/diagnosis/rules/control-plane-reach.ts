import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { anyOf } from '../messages/any-of.ts';

const parts = /^(?:etcd|kube-apiserver|kube-controller-manager|kube-scheduler)(?:-|$)/;

/** Whether a name is that of a part of the control plane, or of a pod of one. */
export const isControlPlane = (name: string): boolean => parts.test(name);

/** The part of the control plane that a pod is; undefined for every other pod. */
export function partOf(pod: BundleObject): string | undefined {
  const component = labelsOf(pod)['component'] ?? pod.name;
  return pod.namespace === 'kube-system' && isControlPlane(component) ? component : undefined;
}

/** What clients write of an API server that does not answer, or not in time. */
const missesIt = anyOf(
  /etcdserver: |\bapiserver not ready\b|request did not complete within/i,
  /unable to return a response in the time allotted|the connection to the server \S{1,120} was refused/i,
  /leader ?election lost|failed to renew lease .{0,200}(?:time-?out|timed out|deadline exceeded)/i,
  /https:\/\/(?:[\d.]{7,15}|\[[\da-f:]{2,45}\]|kubernetes\.default[\w.]{0,40}|[\w.-]{1,120}(?=:6443))(?::(?:443|6443))?\/(?:api\/v1|apis)\b.{0,300}(?:refused|time-?out|timed out|deadline exceeded|EOF|reset)/i,
);

/** What shows nothing but that somebody waits; each of the others has evidence of a fault of its own. */
const waits: ReadonlySet<Category> = new Set([
  'control_plane_unhealthy',
  'api_server_slow',
  'rollout_stuck',
  'service_no_endpoints',
  'hpa_no_metrics',
  'cronjob_missed_schedule',
]);

/** Whether a control plane that does not work as it should can be behind a fault at all. */
export function isItsDoing(facts: Facts): (other: Hypothesis) => boolean {
  const own = facts.of('Pod').filter((pod) => partOf(pod) !== undefined);
  return ({ category, subject, evidence }) =>
    waits.has(category) ||
    own.some((pod) => isSame(subjectOf(pod), subject)) ||
    evidence.some(({ quote }) => missesIt.test(quote));
}

/** A pod that nobody has given a place or said a word about. */
function isUntouched(facts: Facts, pod: BundleObject): boolean {
  const isPlaced =
    textAt(pod.body, 'spec.nodeName') !== undefined || objectsAt(pod.body, 'status.containerStatuses').length > 0;
  const isRefused = textAt(conditionOf(pod, 'PodScheduled'), 'message') !== undefined;
  return !isPlaced && !isRefused && facts.eventsOf(subjectOf(pod)).every(({ type }) => type === 'Normal');
}

const made = new Set([...workloadKinds].filter((kind) => kind !== 'Pod'));

/** A workload that lacks pods although nothing is wrong with those that it has. */
const lacksPods = (facts: Facts, object: BundleObject): boolean =>
  made.has(object.kind) &&
  facts.health(object).state === 'broken' &&
  facts
    .podsUnder(facts.top(subjectOf(object)))
    .every((pod) => facts.health(pod).state !== 'broken' || isUntouched(facts, pod));

/** Who has said that the API server does not answer: what their events are about, and whose logs say it. */
function complainants(facts: Facts): Subject[] {
  const told = facts.events({ message: missesIt }).map(subjectOf);
  const logged = facts.bundle.logs
    .filter((log) => facts.statements(log).some(({ level, text }) => level !== 'info' && missesIt.test(text)))
    .map(({ namespace, pod }) => ({ kind: 'Pod', namespace, name: pod }));
  return [...told, ...logged].flatMap((one) => [one, facts.top(one)]);
}

/** All that a control plane which does not work may show itself on: its own parts, what nobody has taken on, and who complains of it. */
export const heldUp = (facts: Facts): Subject[] => [
  ...facts
    .of('Pod')
    .filter((pod) => partOf(pod) !== undefined || (facts.health(pod).state === 'broken' && isUntouched(facts, pod)))
    .map(subjectOf),
  ...facts.bundle.objects.filter((object) => lacksPods(facts, object)).map(subjectOf),
  ...complainants(facts),
];

/** The API server, or the cluster as a whole where its pod is not there to be named. */
export function apiServer({ bundle, of, top }: Facts): Subject {
  const pod = of('Pod').find(({ name }) => name.startsWith('kube-apiserver'));
  return pod === undefined ? { kind: 'Cluster', namespace: null, name: bundle.cluster } : top(subjectOf(pod));
}
