import type { BundleEvent, BundleLog, BundleObject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import { type Container, citeEvents, type Facts } from './facts.ts';
import { keyOf, subjectOf } from './graph/object-key.ts';

const backOff = /^Back-off restarting failed container(?: (?!in pod)(\S{1,63}))?/;

/** A container whose pod is not in the bundle, what tells of it, and what is to doubt about that. */
export type Unseen = { container: Container; evidence: Evidence[]; against: string[] };

const endedBefore = (pod: BundleObject, name: string): Container => ({
  pod,
  name,
  image: undefined,
  spec: {},
  isReady: false,
  isRunning: false,
  hasStarted: undefined,
  restarts: 1,
  waiting: { reason: 'CrashLoopBackOff', message: '' },
  ended: [],
});

const byEvent = (event: BundleEvent): Unseen => ({
  container: endedBefore({ id: event.id, ...subjectOf(event), body: {} }, backOff.exec(event.message)?.[1] ?? ''),
  evidence: citeEvents([event]),
  against: [],
});

const byLog = ({ id, namespace, pod, container }: BundleLog): Unseen => ({
  container: endedBefore({ id, kind: 'Pod', namespace, name: pod, body: {} }, container),
  evidence: [],
  against: ['that it ended is told by nothing but the log of a run before'],
});

/** Containers that end again and again, of which an event tells, or at least the log of a run that has ended. */
export function unseenContainers(facts: Facts): Unseen[] {
  const { graph, bundle } = facts;
  const isUnseen = ({ namespace, name }: { namespace: string | null; name: string }): boolean =>
    graph.find({ kind: 'Pod', namespace, name }) === undefined && !graph.isWhole('Pod', namespace);
  const told = facts
    .events({ kind: 'Pod', reason: ['BackOff'], message: backOff })
    .filter(isUnseen)
    .map(byEvent);
  const known = new Set(told.map(({ container }) => keyOf(container.pod)));
  const logged = bundle.logs
    .filter(({ previous, namespace, pod }) => previous && isUnseen({ namespace, name: pod }))
    .map(byLog)
    .filter(({ container }) => !known.has(keyOf(container.pod)));
  return [...told, ...logged];
}
