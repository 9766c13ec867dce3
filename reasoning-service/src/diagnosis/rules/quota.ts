import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';

const exceeded = /exceeded quota: ([^,]+), requested: (.+), used: (.+), limited: (.+?)$/;
const unstated = /failed quota: ([^:]+): must specify (.+)$/;

function sayings(facts: Facts): { message: string; evidence: Evidence[] }[] {
  const conditions = facts.bundle.objects.flatMap((object) =>
    objectsAt(object.body, 'status.conditions')
      .filter((condition) => textAt(condition, 'type') === 'ReplicaFailure')
      .map((condition) => ({ message: textAt(condition, 'message') ?? '', evidence: citeObject(object, 'quota') })),
  );
  const events = facts
    .events({ reason: ['FailedCreate'] })
    .map((event) => ({ message: event.message, evidence: citeEvents([event]) }));
  return [...events, ...conditions];
}

/** Pods that the namespace's quota forbids, either used up or asking for figures that the pod does not state. */
export const quota: Rule = (facts) => {
  const said = sayings(facts).filter(({ message }) => exceeded.test(message) || unstated.test(message));
  const first = said[0];
  if (first === undefined) return undefined;
  const [, name, requested, used, limited] = exceeded.exec(first.message) ?? [];
  const [, missingIn, figures] = unstated.exec(first.message) ?? [];
  return {
    category: name === undefined ? 'quota_requires_limits' : 'quota_exceeded',
    severity: 'high',
    subject: facts.subject,
    cause: {
      subject: { kind: 'ResourceQuota', namespace: facts.subject.namespace, name: name ?? missingIn ?? '' },
      description:
        name === undefined
          ? `quota ${missingIn} wants the pod to state ${figures}`
          : `quota ${name} is used up: requested ${requested}, used ${used}, limited to ${limited}`,
    },
    weight: 0.96,
    evidence: said.flatMap(({ evidence }) => evidence).slice(0, 3),
    recommendations: [],
  };
};
