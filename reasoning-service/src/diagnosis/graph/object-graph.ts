import type { Bundle, BundleObject, Subject } from '@aetherius/shared/contracts';
import { textsAt } from '../json-path.ts';
import { type Edge, type EdgeKind, edgesOf } from './edges.ts';
import { carries, type Labels } from './label-selector.ts';
import { keyOf } from './object-key.ts';
import { podShapeOf } from './pod-spec.ts';

/** The objects of a bundle with what binds them; built once, asked by every rule. */
export type ObjectGraph = {
  find(subject: Subject): BundleObject | undefined;
  /** Those of the keys that are in the bundle. */
  at(keys: Iterable<string>): BundleObject[];
  of(kind: string): readonly BundleObject[];
  out(subject: Subject, kind: EdgeKind): Edge[];
  in(subject: Subject, kind: EdgeKind): Edge[];
  /** Pods in a namespace that carry the labels. */
  podsWith(namespace: string | null, labels: Labels): BundleObject[];
  /** Whether every object of the kind is in the bundle, so that an absent one does not exist. */
  isWhole(kind: string, namespace: string | null): boolean;
};

/** Items under the text that a key function gives them. */
export function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const found = groups.get(key(item));
    if (found === undefined) groups.set(key(item), [item]);
    else found.push(item);
  }
  return groups;
}

/** The graph of owner, reference, claim, node, route, scale, class, slice, webhook, API and call edges of a bundle. */
export function createObjectGraph(bundle: Bundle): ObjectGraph {
  const byKey = new Map(bundle.objects.map((object) => [keyOf(object), object]));
  const byKind = grouped(bundle.objects, ({ kind }) => kind);
  const edges = bundle.objects.flatMap(edgesOf);
  const outgoing = grouped(edges, ({ kind, from }) => `${kind} ${keyOf(from)}`);
  const incoming = grouped(edges, ({ kind, to }) => `${kind} ${keyOf(to)}`);
  const podsOf = grouped(byKind.get('Pod') ?? [], ({ namespace }) => namespace ?? '');
  const whole = new Set(bundle.complete);
  return {
    find: (subject) => byKey.get(keyOf(subject)),
    at: (keys) => [...new Set(keys)].flatMap((key) => byKey.get(key) ?? []),
    of: (kind) => byKind.get(kind) ?? [],
    out: (subject, kind) => outgoing.get(`${kind} ${keyOf(subject)}`) ?? [],
    in: (subject, kind) => incoming.get(`${kind} ${keyOf(subject)}`) ?? [],
    podsWith: (namespace, labels) =>
      Object.keys(labels).length === 0
        ? []
        : (podsOf.get(namespace ?? '') ?? []).filter((pod) => carries(labels, labelsOf(pod))),
    isWhole: (kind, namespace) => whole.has(kind) || whole.has(`${kind}/${namespace ?? ''}`),
  };
}

/** An object's own labels. */
export const labelsOf = (object: BundleObject): Labels => textsAt(object.body, 'metadata.labels');

/** The labels of the pods that a workload makes. */
export const templateLabels = (workload: BundleObject): Labels => podShapeOf(workload)?.labels ?? {};
