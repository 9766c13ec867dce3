import { Category } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { halfOf, readIncidents } from './incident-library.ts';

const incidents = readIncidents();

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

  it.each(incidents.filter(({ name }) => halfOf(name) === 'tune'))('$name', ({ bundle, expected }) => {
    const { category, subject, evidence } = diagnose(bundle);
    expect([category, subject]).toEqual([expected.category, expected.subject]);
    for (const text of expected.evidence) expect(evidence.some(({ quote }) => quote.includes(text))).toBe(true);
  });
});
