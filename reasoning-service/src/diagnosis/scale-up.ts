import { type Bundle, type BundleEvent, type Subject, seconds } from '@aetherius/shared/contracts';
import { isSame, subjectOf } from './graph/object-key.ts';

/** A node of a cloud joins within minutes; a pod that waits for longer has more to tell than that one was asked for. */
const PATIENCE = seconds('3m') * 1_000;

/** What the cluster autoscaler says of a pod that it adds a node for, and Karpenter. */
const isScaleUp = ({ reason, message }: BundleEvent): boolean =>
  reason === 'TriggeredScaleUp' || (reason === 'Nominated' && /\bnodeclaim\//.test(message));

/** The latest word that a node is being added for a pod. */
export const scaleUpFor = ({ events }: Pick<Bundle, 'events'>, pod: Subject): BundleEvent | undefined =>
  events
    .filter((event) => isScaleUp(event) && isSame(subjectOf(event), pod))
    .reduce<BundleEvent | undefined>(
      (latest, one) =>
        latest === undefined || Date.parse(one.last_timestamp) >= Date.parse(latest.last_timestamp) ? one : latest,
      undefined,
    );

/** Whether a node was asked for so lately that there is nothing to do but to wait for it. */
export function waitsForNewNode(bundle: Pick<Bundle, 'events' | 'at'>, pod: Subject): boolean {
  const asked = scaleUpFor(bundle, pod);
  return asked !== undefined && Date.parse(bundle.at) - Date.parse(asked.last_timestamp) <= PATIENCE;
}
