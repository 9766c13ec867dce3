import { Category } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { diagnoseAll } from '../src/diagnosis/diagnose-all.ts';
import { halfOf, readIncidents } from './incident-library.ts';

const incidents = readIncidents();
const tune = incidents.filter(({ name }) => halfOf(name) === 'tune');

/** Recorded faults that are not told yet: whoever teaches one takes it out of here. */
const notYet = new Set([
  // A table of events does not count how often a probe failed, and a pod of four minutes may still be starting.
  'pasted-service-of-unready-pods-tables',
  'pasted-set-waits-for-its-first-tables',
  // Only the program's log says that a child was killed, and a log line alone raises no limit.
  'real-oom-of-a-child',
]);

describe('the library of recorded incidents', () => {
  it('has at least 200 incidents, about half of them for testing only', () => {
    const tests = incidents.filter(({ name }) => halfOf(name) === 'test').length;
    expect(incidents.length).toBeGreaterThanOrEqual(200);
    expect(tests / incidents.length).toBeGreaterThan(0.4);
    expect(tests / incidents.length).toBeLessThan(0.6);
  });

  it.each(Category.options)('has three incidents of %s, and a near miss that is something else', (category) => {
    const own = incidents.filter(({ expected }) => expected.category === category);
    const near = incidents.filter((one) => one.looks_like === category && one.expected.category !== category);
    expect(own.length).toBeGreaterThanOrEqual(3);
    expect(near.length).toBeGreaterThanOrEqual(1);
  });

  it.each(tune.filter(({ name }) => !notYet.has(name)))('$name', ({ bundle, expected }) => {
    const { category, subject, evidence } = diagnose(bundle);
    expect([category, subject]).toEqual([expected.category, expected.subject]);
    for (const text of expected.evidence) expect(evidence.some(({ quote }) => quote.includes(text))).toBe(true);
  });

  it.each(tune.filter(({ name }) => notYet.has(name)))('$name is still answered otherwise', ({ bundle, expected }) => {
    expect(diagnose(bundle).category).not.toBe(expected.category);
  });

  it('has no answer that leaves open what to look at next', () => {
    const open = incidents.flatMap(({ name, bundle }) =>
      [diagnose(bundle), ...diagnoseAll(bundle)]
        .filter(
          ({ status, missing_evidence }) => status === 'abstained' && !missing_evidence.join().includes('kubectl '),
        )
        .map(({ subject }) => `${name}: ${subject.kind} ${subject.name}`),
    );
    expect(open).toEqual([]);
  });

  it('holds at least 200 that were recorded from a real control plane', () => {
    expect(
      incidents.filter(({ source }) => source.startsWith('recorded from a real control plane')).length,
    ).toBeGreaterThanOrEqual(200);
  });
});
