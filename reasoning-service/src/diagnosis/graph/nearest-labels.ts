import type { BundleObject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import type { Labels } from './label-selector.ts';
import { labelsOf, templateLabels } from './object-graph.ts';
import { workloadKinds } from './pod-spec.ts';

/** Letters that differ, counted as single insertions, removals and replacements (Levenshtein). */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Shorter words are mostly meant to differ, as words that only differ in their figures are. */
const SHORTEST = 4;
/** From so many letters on two may be wrong. */
const LONG = 7;
const withoutFigures = (text: string): string => text.replace(/\d+/g, '');

/** Whether one value of a label reads like a slip in writing the other. */
export function isSlip(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return (
    length >= SHORTEST &&
    withoutFigures(a) !== withoutFigures(b) &&
    distance(a.slice(0, 63), b.slice(0, 63)) <= (length >= LONG ? 2 : 1)
  );
}

/** Something whose pods carry labels: a pod, or a workload by its template. */
export type Bearer = { object: BundleObject; labels: Labels };
/** What a bearer has in the place of the one pair that it lacks. */
export type Near = { key: string; wanted: string; found: string | undefined; bearer: Bearer; letters: number };

/** How a bearer of labels misses a selector by one pair: another value under the key, or the value under another key. */
function missBy(selector: Labels, bearer: Bearer): Near[] {
  const wrong = Object.entries(selector).filter(([key, value]) => bearer.labels[key] !== value);
  const [only] = wrong;
  if (only === undefined || wrong.length !== 1) return [];
  const [key, wanted] = only;
  const found = bearer.labels[key];
  if (found !== undefined)
    return [{ key, wanted, found, bearer, letters: distance(wanted.slice(0, 63), found.slice(0, 63)) }];
  const hasRest = Object.keys(selector).length > 1 || Object.values(bearer.labels).includes(wanted);
  return hasRest ? [{ key, wanted, found: undefined, bearer, letters: 0 }] : [];
}

/** The bearer that comes nearest to a selector which none meets, if it is near enough to be meant. */
export function nearest(service: BundleObject, selector: Labels, bearers: readonly Bearer[]): Near | undefined {
  const all = bearers.flatMap((bearer) => missBy(selector, bearer)).sort((a, b) => a.letters - b.letters);
  return all.find(({ wanted, found, letters, bearer }) => {
    if (found === undefined) return true;
    const overlap = wanted.includes(found) || found.includes(wanted);
    const shares = Object.keys(selector).length > 1;
    return (
      overlap || shares || letters <= Math.max(2, wanted.length / 3) || bearer.object.name.startsWith(service.name)
    );
  });
}

/** Pods of the namespace, and workloads, whose pods carry the labels of their template. */
export const bearersOf = (facts: Facts, namespace: string | null): Bearer[] =>
  facts.bundle.objects
    .filter((object) => object.namespace === namespace && (object.kind === 'Pod' || workloadKinds.has(object.kind)))
    .map((object) => ({ object, labels: object.kind === 'Pod' ? labelsOf(object) : templateLabels(object) }));
