import type { Facts } from '../facts.ts';
import { inFull, subjectOf } from '../graph/object-key.ts';
import { blamedClaim, provisionerIn } from '../messages/scheduling.ts';
import { isNameable } from '../nameable.ts';

/** Who was asked for volumes that nobody has made yet. */
const provisioners = ({ events }: Facts): string[] =>
  events({ kind: 'PersistentVolumeClaim', reason: ['ExternalProvisioning'] })
    .map(({ message }) => provisionerIn(message))
    .filter((name) => name !== undefined);

/** Pods whose claims are not bound, and no word says which: a verdict of the scheduler leaves out the name. */
function pods(facts: Facts): string[] {
  const claims = [...facts.of('PersistentVolumeClaim'), ...facts.events({ kind: 'PersistentVolumeClaim' })];
  return facts
    .events({ kind: 'Pod', reason: ['FailedScheduling'] })
    .filter(({ message }) => blamedClaim(message) !== undefined && blamedClaim(message)?.name === undefined)
    .map(subjectOf)
    .filter((pod) => isNameable(pod) && !claims.some(({ namespace }) => namespace === pod.namespace))
    .map((pod) => `which claim of ${inFull(pod)} is not bound: kubectl get pvc -n ${pod.namespace}`);
}

/** What a person reads where a volume is waited for: the claims, the classes and who is to make it. */
export const claimsForPeople = (facts: Facts): string[] => [
  ...new Set([
    ...provisioners(facts).map(
      (name) =>
        `whether provisioner ${name} is registered and its pods run: kubectl get storageclass,csidriver; kubectl get pods -A`,
    ),
    ...pods(facts),
  ]),
];
