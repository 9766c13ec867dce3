import type { BundleObject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { inFull } from './graph/object-key.ts';

/** What would have to be read to say more, each with the command that reads it. */
export function missingEvidence(facts: Facts): string[] {
  const { bundle, subject } = facts;
  const where = subject.namespace === null ? '' : ` -n ${subject.namespace}`;
  const kind = subject.kind.toLowerCase();
  return [
    ...(bundle.objects.length === 0
      ? [`the status of the object and of its pods: kubectl get ${kind} ${subject.name}${where} -o json`]
      : []),
    ...(bundle.events.length === 0
      ? [`recent Events of the object: kubectl get events${where} --field-selector involvedObject.name=${subject.name}`]
      : []),
    ...(bundle.logs.length === 0 ? [logsOf(facts, where, kind)] : []),
    ...bundle.cut,
    ...podsWithoutWords(facts),
  ];
}

function logsOf({ subject, containers }: Facts, where: string, kind: string): string {
  const ended = containers.find(({ ended }) => ended.length > 0) ?? containers[0];
  const target = ended === undefined ? `${kind}/${subject.name}` : `${ended.pod.name} -c ${ended.name}`;
  const previous = (ended?.restarts ?? 0) > 0 ? ' --previous' : '';
  return `the last log lines of its containers: kubectl logs ${target}${where}${previous}`;
}

/** Broken pods of which neither an event nor a log says anything. */
const podsWithoutWords = (facts: Facts): string[] =>
  facts
    .of('Pod')
    .filter(
      (pod) =>
        facts.health(pod).state === 'broken' && facts.eventsOf(pod).length === 0 && facts.bundle.events.length > 0,
    )
    .slice(0, 3)
    .map(
      (pod: BundleObject) =>
        `what the cluster says of ${inFull(pod)}: kubectl describe pod ${pod.name} -n ${pod.namespace}`,
    );
