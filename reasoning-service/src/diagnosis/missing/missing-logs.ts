import type { EvidenceRead, Subject } from '@aetherius/shared/contracts';
import type { Container, Facts } from '../facts.ts';
import { inFull, subjectOf } from '../graph/object-key.ts';
import { isInvented } from '../invented-name.ts';
import { saysNothing } from '../program-words.ts';
import { unseenContainers } from '../unseen-container.ts';
import { logReadOf, readOf } from './evidence-read.ts';

const CONTAINERS = 2;

const hasRun = ({ ended, restarts, isRunning }: Container): boolean => ended.length > 0 || restarts > 0 || isRunning;

/** Containers of broken pods that ran and are not ready, or are so between two ends, and those whose crash loop only an event tells. */
const inTrouble = (facts: Facts): Container[] => [
  ...facts.containers.filter(
    (one) => facts.health(one.pod).state === 'broken' && (!one.isReady || one.restarts > 0) && hasRun(one),
  ),
  ...unseenContainers(facts).map(({ container }) => container),
];

/** Those of which no log tells anything; what ended badly first. After a restart the run before is the one that ended. */
const unheard = (facts: Facts, containers: readonly Container[]): EvidenceRead[] =>
  containers
    .filter((one) => !isInvented(one) && saysNothing(facts, one))
    .sort((a, b) => Number(a.isReady) - Number(b.isReady) || b.ended.length - a.ended.length)
    .slice(0, CONTAINERS)
    .flatMap(({ pod, name, restarts }) => {
      const previous = restarts > 0;
      const what = `what container ${name} of ${inFull(pod)} said${previous ? ' before it ended' : ''}`;
      return logReadOf(pod, { container: name, previous, what });
    });

/** The logs that would say why programs do not run. */
export const missingLogs = (facts: Facts): EvidenceRead[] => unheard(facts, inTrouble(facts));

/** The logs of programs that ended and run again for now. */
export const logsOfEnded = (facts: Facts): EvidenceRead[] =>
  unheard(
    facts,
    facts.containers.filter(({ ended }) => ended.length > 0),
  );

/** An agent is asked for a container by its name; where a table told none, a person can read all of a pod's. */
export const logsOfNameless = (facts: Facts): string[] =>
  inTrouble(facts)
    .filter((one) => isInvented(one) && saysNothing(facts, one) && isNameable(one.pod))
    .slice(0, CONTAINERS)
    .map(({ pod, restarts }) => {
      const where = pod.namespace === null ? '' : ` -n ${pod.namespace}`;
      const which = restarts > 0 ? ' --previous' : '';
      return `what ${inFull(pod)} said${restarts > 0 ? ' before it ended' : ''}: kubectl logs ${pod.name}${where} --all-containers${which}`;
    });

/** Names come from the cluster: only what may be one stands in a command. */
const isNameable = (pod: Subject): boolean => readOf(subjectOf(pod), { action: 'get', what: 'it' }).length > 0;

/** Kinds that `kubectl logs` takes. */
export const speaking: ReadonlySet<string> = new Set([
  'Pod',
  'Service',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
]);

/** Where no pod is known an agent has nothing to ask for, but a person can name the workload. */
export function logsForPeople({ subject, bundle, containers }: Facts): string[] {
  const isNamed = speaking.has(subject.kind) && readOf(subject, { action: 'get', what: '' }).length > 0;
  if (bundle.logs.length > 0 || containers.length > 0 || !isNamed) return [];
  const where = subject.namespace === null ? '' : ` -n ${subject.namespace}`;
  return [`the last log lines of its containers: kubectl logs ${subject.kind.toLowerCase()}/${subject.name}${where}`];
}
