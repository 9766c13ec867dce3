import type { BundleEvent } from '@aetherius/shared/contracts';
import { citeEvents, type Facts } from '../facts.ts';
import { inFull, keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { citeKill, isKilledIn } from '../killed-container.ts';
import { namedVictim, parseMemoryKill, parseVictim } from '../messages/memory-kill.ts';
import { finding, groupBy } from '../said.ts';

/** Processes of which the kernel itself says that it killed them, where no pod was read that one of them could have run in. */
export const kernelKill: Rule = (facts: Facts) => {
  const isUnread = ({ message }: BundleEvent): boolean =>
    facts.of('Pod').every((pod) => isKilledIn(message, pod) === 'no');
  const told = facts
    .events({ reason: ['OOMKilling', 'SystemOOM'] })
    .filter(({ component, kind, reason }) => component === 'kernel' && (reason === 'OOMKilling' || kind === 'Log'))
    .filter(isUnread);
  return groupBy(told, (event) => `${keyOf(event)} ${event.reason} ${parseVictim(event.message)?.pod}`).flatMap(
    (events) => explain(facts, events),
  );
};

function explain(facts: Facts, events: readonly BundleEvent[]): Hypothesis[] {
  const [first] = events;
  const kill = first && parseMemoryKill(first.message);
  if (first === undefined || kill === undefined) return [];
  const isOwn = kill.scope === 'container';
  const process = kill.process === undefined ? 'a process' : `process ${kill.process}`;
  const limit = isOwn ? 'at the memory limit of its container' : 'as the node ran out of memory';
  const called = namedVictim(first.message);
  const pod = called && { kind: 'Pod', ...called };
  return [
    finding({
      category: isOwn ? 'oom_killed' : 'node_memory_pressure',
      subject: isOwn && pod !== undefined ? facts.top(pod) : subjectOf(first),
      description: `the kernel killed ${process} ${limit}; ${whose(first)}`,
      weight: 0.85,
      evidence: pod === undefined ? citeEvents(events) : citeKill(first),
      affects: [subjectOf(first), ...(pod === undefined ? [] : [pod])],
    }),
  ];
}

function whose(event: BundleEvent): string {
  const [victim, called] = [parseVictim(event.message), namedVictim(event.message)];
  if (called !== undefined) return `the kubelet names its pod ${called.namespace}/${called.name}, which was not read`;
  return victim === undefined
    ? `${inFull(subjectOf(event))} does not say of which pod`
    : `it was of the pod whose UID is ${victim.pod}, which was not read`;
}
