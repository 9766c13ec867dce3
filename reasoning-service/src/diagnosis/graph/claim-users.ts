import type { Subject } from '@aetherius/shared/contracts';
import type { ObjectGraph } from './object-graph.ts';
import { subjectOf } from './object-key.ts';

/** `data-loki-0` is the claim of pod `loki-0` by the template `data`: so a stateful set calls them. */
const numbered = /^[a-z0-9-]{0,200}?[a-z0-9]-\d{1,5}$/;

/** What may stand before the name of a pod in that of its claim is not told, so each part of the name is tried. */
function namedAfter(name: string): string[] {
  const parts = name.split('-');
  return parts.map((_, at) => parts.slice(at + 1).join('-')).filter((rest) => numbered.test(rest));
}

/** The pods that use a claim: by what they state, else, where a row of a table states nothing, by its name. */
export function podsOfClaim(graph: ObjectGraph, claim: Subject): Subject[] {
  const stated = graph.in(claim, 'claims').map(({ from }) => from);
  if (stated.length > 0) return stated;
  return namedAfter(claim.name)
    .flatMap((name) => graph.find({ kind: 'Pod', namespace: claim.namespace, name }) ?? [])
    .map(subjectOf)
    .filter((pod) => graph.out(pod, 'claims').length === 0);
}
