import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, wordsAt } from '../json-path.ts';
import { labelsOf, type ObjectGraph } from './object-graph.ts';
import { subjectOf } from './object-key.ts';

/** The volumes that the claims of a pod are bound to, as far as both were read. */
export const volumesOf = (graph: ObjectGraph, pod: BundleObject | undefined): BundleObject[] =>
  (pod === undefined ? [] : graph.out(subjectOf(pod), 'claims'))
    .flatMap(({ to }) => graph.out(to, 'binds'))
    .flatMap(({ to }) => graph.find(to) ?? []);

const placesOf = ({ body }: BundleObject): JsonObject[] =>
  objectsAt(body, 'spec.nodeAffinity.required.nodeSelectorTerms');

/** Whether a volume tells where it can be reached. */
export const hasPlace = (volume: BundleObject): boolean => placesOf(volume).length > 0;

/** Whether a volume can be reached from a node: one of its terms fits, with every label that the term lists values for. */
export function mayLieOn(volume: BundleObject, node: BundleObject): boolean {
  const labels = labelsOf(node);
  const fits = (one: JsonObject): boolean =>
    textAt(one, 'operator') !== 'In' || wordsAt(one, 'values').includes(labels[textAt(one, 'key') ?? ''] ?? '');
  return placesOf(volume).some((term) => objectsAt(term, 'matchExpressions').every(fits));
}
