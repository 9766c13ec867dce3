import type { Choice, Node, Sequence } from '../engine/node.ts';

/** Steps one after the other under an id. */
export const sequence = (id: string, ...steps: Node[]): Sequence => ({ kind: 'sequence', id, steps });

/** Steps that are taken when a condition holds. */
export const when = (id: string, condition: string, ...steps: Node[]): Choice => ({
  kind: 'choice',
  id,
  cases: [{ when: condition, steps }],
  otherwise: [],
});
