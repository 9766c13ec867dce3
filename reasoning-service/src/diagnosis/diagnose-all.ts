import type { Bundle, Diagnosis, Severity, Subject } from '@aetherius/shared/contracts';
import type { Standing } from './competition.ts';
import { addressKeys } from './dependency/address-book.ts';
import { answer, closeness, findIn } from './diagnose.ts';
import type { Facts } from './facts.ts';
import { inFull, isSame, keyOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { goneWriters } from './missing/gone-writers.ts';
import { rankOf } from './precedence.ts';
import { groupBy } from './said.ts';
import { unexplained } from './unexplained.ts';
import { unsaid } from './unsaid.ts';

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** So many faults of one object and one category are told in words. */
const MOST_SAYINGS = 3;

/** What is wrong: what a fault is of, else the address that is called in vain, else the object that shows it. */
const faulty = ({ subject, cause, address }: Hypothesis): Subject =>
  isSame(cause.subject, subject) ? (address ?? subject) : cause.subject;

const isAddress = ({ kind }: Subject): boolean => kind === 'Address';

/** One fault that stops several objects, such as a Secret that three of them want, is one finding. */
function faults(facts: Facts, standing: readonly Standing[]): Standing[][] {
  const calls = standing.filter(({ hypothesis }) => hypothesis.category === 'dependency_unreachable');
  const at = addressKeys(facts, calls.map(({ hypothesis }) => faulty(hypothesis)).filter(isAddress));
  return groupBy(standing, ({ hypothesis }) => {
    const fault = faulty(hypothesis);
    return `${hypothesis.category} ${isAddress(fault) ? at(fault) : keyOf(fault)}`;
  });
}

function merged(group: readonly Standing[]): Standing[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const subjects = others
    .map(({ hypothesis }) => inFull(hypothesis.subject))
    .filter((text) => text !== inFull(first.hypothesis.subject));
  const { cause } = first.hypothesis;
  const root = subjects.length === 0 ? cause.subject : faulty(first.hypothesis);
  // Of one object, each saying of its own: two containers of a pod may both fail.
  const sayings = [first, ...others.filter((one) => isSame(one.hypothesis.subject, first.hypothesis.subject))].map(
    ({ hypothesis }) => hypothesis.cause.description,
  );
  const also = subjects.length === 0 ? '' : ` (also of ${[...new Set(subjects)].join(', ')})`;
  return [
    {
      hypothesis: {
        ...first.hypothesis,
        cause: { subject: root, description: `${[...new Set(sayings)].slice(0, MOST_SAYINGS).join('; ')}${also}` },
      },
      explains: group.flatMap(({ explains }) => explains),
    },
  ];
}

/** 1 for a fault that began with a rollout: among equally grave ones the quickest to take back comes first. */
const change = ({ comparisons }: Diagnosis): number =>
  Number(comparisons.some((one) => one.with === 'revision_before' && one.speaks === 'for'));

/**
 * Every fault that a snapshot shows: one finding per fault, nothing about what is healthy. Those that show on the bundle's subject
 * come first, and among them the gravest. What is broken and nothing explains is `unknown`.
 */
export function diagnoseAll(bundle: Bundle): Diagnosis[] {
  const found = findIn(bundle, []);
  const { facts, standing } = found;
  const known = faults(facts, standing)
    .flatMap(merged)
    .map((one) => ({ far: closeness(facts, one), finding: answer(one, { others: [], weak: [] }) }));
  // What nothing is known of does not lead where a cause is known, be that on another object: it may be a symptom, or the next to ask for.
  const broken = unexplained(facts, found);
  const unknown = [...broken, ...unsaid(facts, found, broken)].map((finding) => ({ far: 1, finding }));
  const [main, ...others] = [...known, ...unknown]
    .sort(
      (a, b) =>
        a.far - b.far ||
        order.indexOf(a.finding.severity) - order.indexOf(b.finding.severity) ||
        change(b.finding) - change(a.finding) ||
        rankOf(a.finding.category) - rankOf(b.finding.category),
    )
    .map(({ finding }) => finding);
  if (main === undefined) return [];
  return [{ ...main, missing_evidence: [...main.missing_evidence, ...goneWriters(facts)] }, ...others];
}
