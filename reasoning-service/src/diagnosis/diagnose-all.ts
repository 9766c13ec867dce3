import type { Bundle, Diagnosis, Severity } from '@aetherius/shared/contracts';
import type { Standing } from './competition.ts';
import { answer, findIn } from './diagnose.ts';
import { inFull, isSame, keyOf } from './graph/object-key.ts';
import { rankOf } from './precedence.ts';
import { groupBy } from './said.ts';

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** One fault that stops several objects, such as a Secret that three of them want, is one finding. */
const faultOf = ({ hypothesis: { category, subject, cause } }: Standing): string =>
  `${category} ${keyOf(isSame(cause.subject, subject) ? subject : cause.subject)}`;

function merged(group: readonly Standing[]): Standing[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const subjects = others
    .map(({ hypothesis }) => inFull(hypothesis.subject))
    .filter((text) => text !== inFull(first.hypothesis.subject));
  const { cause } = first.hypothesis;
  const also = subjects.length === 0 ? '' : ` (also of ${[...new Set(subjects)].join(', ')})`;
  return [
    {
      hypothesis: { ...first.hypothesis, cause: { ...cause, description: `${cause.description}${also}` } },
      explains: group.flatMap(({ explains }) => explains),
    },
  ];
}

/** Every fault that a snapshot shows, most important first: one finding per fault, nothing about what is healthy. */
export function diagnoseAll(bundle: Bundle): Diagnosis[] {
  const { standing } = findIn(bundle, []);
  return groupBy(standing, faultOf)
    .flatMap(merged)
    .map((one) => answer(one, { others: [], weak: [] }))
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || rankOf(a.category) - rankOf(b.category));
}
