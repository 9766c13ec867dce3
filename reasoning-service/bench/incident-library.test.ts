import { Category } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { diagnoseAll } from '../src/diagnosis/diagnose-all.ts';
import { citesProof, isInBundle } from './cited-evidence.ts';
import { readHalf, readIncidents } from './incident-library.ts';

const incidents = readIncidents();
const tune = readHalf('tune');

/** Recorded faults that are not told yet: whoever teaches one takes it out of here. */
const notYet = new Set([
  // The tables tell of the pull that failed and not of the rollback that put its pods away.
  'pasted-rolled-back-tables',
  // Only the program's log says that a child was killed, and a log line alone raises no limit.
  'real-oom-of-a-child',
]);
/** Recorded faults that are told, and nothing that is quoted for them proves them. */
const unproved = new Set([
  // Quotes what the autoscaler scales, not the container that requests nothing.
  'hpa-missing-request-in-manifest',
  // Quotes the name of the Ingress, not the backend that is not there.
  'real-ingress-service-deleted',
]);
/** Nothing is wrong there, or nobody can say what. */
const withoutProof = ['no_incident', 'unknown'];

describe('the library of recorded incidents', () => {
  it('has at least 200 incidents', () => expect(incidents.length).toBeGreaterThanOrEqual(200));

  it.each(Category.options)('has three incidents of %s, and a near miss that is something else', (category) => {
    const own = incidents.filter(({ expected }) => expected.category === category);
    const near = incidents.filter((one) => one.looks_like === category && one.expected.category !== category);
    expect(own.length).toBeGreaterThanOrEqual(3);
    expect(near.length).toBeGreaterThanOrEqual(1);
  });

  it.each(tune.filter(({ name }) => !notYet.has(name)))('$name', (incident) => {
    const diagnosis = diagnose(incident.bundle);
    const { expected } = incident;
    expect([diagnosis.category, diagnosis.subject]).toEqual([expected.category, expected.subject]);
    const isProved = !unproved.has(incident.name) && !withoutProof.includes(expected.category);
    expect(citesProof(incident, diagnosis)).toBe(isProved);
  });

  it.each(tune.filter(({ name }) => notYet.has(name)))('$name is still answered otherwise', ({ bundle, expected }) => {
    expect(diagnose(bundle).category).not.toBe(expected.category);
  });

  it('has no answer that leaves open what to look at next', () => {
    const open = tune.flatMap(({ name, bundle }) =>
      [diagnose(bundle), ...diagnoseAll(bundle)]
        .filter(
          ({ status, missing_evidence }) => status === 'abstained' && !missing_evidence.join().includes('kubectl '),
        )
        .map(({ subject }) => `${name}: ${subject.kind} ${subject.name}`),
    );
    expect(open).toEqual([]);
  });

  it('says of every fault what proves it, in words of the bundle, and of nothing else', () => {
    for (const { name, bundle, expected } of incidents) {
      expect([name, expected.evidence.length > 0]).toEqual([name, !withoutProof.includes(expected.category)]);
      for (const proof of expected.evidence)
        expect([name, proof, isInBundle(proof, bundle)]).toEqual([name, proof, true]);
      expect([name, expected.cause]).not.toEqual([name, expected.subject]);
    }
  });

  it('holds at least 200 that were recorded from a real control plane', () => {
    expect(
      incidents.filter(({ source }) => source.startsWith('recorded from a real control plane')).length,
    ).toBeGreaterThanOrEqual(200);
  });
});
