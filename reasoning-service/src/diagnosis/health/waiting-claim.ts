import type { BundleObject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { textAt } from '../json-path.ts';

/** A claim of a class that waits for its first pod is not late before there is one. */
export function waitsForPod(facts: Facts, claim: BundleObject): boolean {
  if (claim.kind !== 'PersistentVolumeClaim') return false;
  const subject = subjectOf(claim);
  const name = textAt(claim.body, 'spec.storageClassName') ?? '';
  const storageClass = facts.graph.find({ kind: 'StorageClass', namespace: null, name });
  const isLazy =
    textAt(storageClass?.body, 'volumeBindingMode') === 'WaitForFirstConsumer' ||
    facts.eventsOf(subject, { reason: ['WaitForFirstConsumer'] }).length > 0;
  return isLazy && facts.graph.in(subject, 'claims').length === 0;
}
