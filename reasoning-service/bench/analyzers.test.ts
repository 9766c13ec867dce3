import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { analyzers } from '../src/diagnosis/analyzers.ts';
import { diagnoseAll } from '../src/diagnosis/diagnose-all.ts';
import { readFacts } from '../src/diagnosis/facts.ts';
import type { Hypothesis } from '../src/diagnosis/hypothesis.ts';
import { rules } from '../src/diagnosis/rules.ts';
import { sampleOf } from './analyzer-samples.ts';

/** The seeds of this field look at 30 kinds. */
const FEWEST_KINDS = 30;

/** The kinds of everything in a bundle that can be cited. */
const kindsById = ({ objects, events, logs }: Bundle) =>
  new Map([
    ...objects.map(({ id, kind }) => [id, kind] as const),
    ...events.map(({ id }) => [id, 'Event'] as const),
    ...logs.map(({ id }) => [id, 'Log'] as const),
  ]);

function kindsSpokenOf(bundle: Bundle, { subject, evidence }: Diagnosis | Hypothesis, cause: { kind: string }) {
  const byId = kindsById(bundle);
  return new Set([subject.kind, cause.kind, ...evidence.map(({ id }) => byId.get(id) ?? '')]);
}

const sample = (kind: string, side: 'fault' | 'quiet'): Bundle => {
  const found = sampleOf(kind, side);
  if (found === undefined) throw new Error(`no ${side} sample of ${kind}`);
  return found;
};

describe('analyzers', () => {
  it('speak of at least as many kinds as the best known scanner, each once', () => {
    const kinds = analyzers.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.length).toBeGreaterThanOrEqual(FEWEST_KINDS);
  });

  it('are rules that are in use', () => {
    for (const { rules: own } of analyzers) for (const rule of own) expect(rules).toContain(rule);
  });
});

describe.each(analyzers)('analyzer of $kind', ({ kind, rules: own }) => {
  it('finds a fault', () => {
    const bundle = sample(kind, 'fault');
    const told = diagnoseAll(bundle);
    expect(told.some((one) => kindsSpokenOf(bundle, one, one.root_cause.subject).has(kind))).toBe(true);
    const facts = readFacts(bundle);
    const byOwn = own.flatMap((rule) => rule(facts));
    expect(own.length === 0 || byOwn.some((one) => kindsSpokenOf(bundle, one, one.cause.subject).has(kind))).toBe(true);
  });

  it('is silent where the kind is there and is not what is wrong', () => {
    const bundle = sample(kind, 'quiet');
    expect([...kindsById(bundle).values()]).toContain(kind);
    for (const one of diagnoseAll(bundle))
      expect([...kindsSpokenOf(bundle, one, one.root_cause.subject)]).not.toContain(kind);
  });
});
