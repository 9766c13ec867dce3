import { type BundleEvent, type Subject, seconds } from '@aetherius/shared/contracts';
import { citeEvents, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { provisionerIn } from '../messages/scheduling.ts';
import { finding, groupBy } from '../said.ts';
import { waitingPods } from './volumes.ts';

/** After which an outside provisioner that says nothing is taken to be absent. */
const PATIENCE = seconds('5m');

const since = ({ first_timestamp: first, last_timestamp: last }: BundleEvent): number => Date.parse(first ?? last);

/** The verdicts on pods that wait for a claim: those of its set by their names, any where it is the only claim that is told. */
function verdictsOn(facts: Facts, claim: Subject, isOnly: boolean): BundleEvent[] {
  const pods = waitingPods(facts, claim).filter(({ name }) => isOnly || claim.name.endsWith(`-${name}`));
  return pods.flatMap((pod) => facts.eventsOf(pod, { reason: ['FailedScheduling'] }));
}

function explain(facts: Facts, told: readonly BundleEvent[], isOnly: boolean): Hypothesis[] {
  const [first] = told;
  const claim = first && subjectOf(first);
  const verdicts = claim === undefined ? [] : verdictsOn(facts, claim, isOnly);
  if (first === undefined || claim === undefined || verdicts.length === 0) return [];
  const isLate = facts.now - Math.min(...[...told, ...verdicts].map(since)) > PATIENCE * 1000;
  const provisioner = provisionerIn(first.message);
  return [
    finding({
      category: 'pvc_storageclass_missing',
      subject: claim,
      description: `the claim waits for ${provisioner === undefined ? 'a provisioner' : `provisioner ${provisioner}`} that does not answer`,
      weight: isLate ? 0.75 : 0.5,
      evidence: [...citeEvents(told, 1), ...citeEvents(verdicts, 1)],
      affects: verdicts.map(subjectOf),
    }),
  ];
}

/** Claims of which only events tell, that an outside provisioner was asked to fill, while a pod waits for them. */
export const unseenClaim: Rule = (facts) => {
  const told = facts
    .events({ kind: 'PersistentVolumeClaim', reason: ['ExternalProvisioning'] })
    .filter((event) => facts.graph.find(subjectOf(event)) === undefined);
  const claims = groupBy(told, keyOf);
  return claims.flatMap((group) => {
    const beside = claims.filter(([other]) => other?.namespace === group[0]?.namespace);
    return explain(facts, group, beside.length === 1);
  });
};
