import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { conditions } from './conditions.ts';
import { scopeOf } from './scope.ts';

it('blames a setting where a program complains, and not where nobody heard it', () => {
  const log = { id: 'log', namespace: 'ink', pod: 'press-0', container: 'press', previous: true, lines: ['no tariff'] };
  const bundle = aBundle({ objects: [], logs: [log] });
  const isBlamed = (id: string, quote: string) =>
    conditions.fails_outside_its_code(scopeOf(aDiagnosis({ evidence: [{ id, quote }] }), bundle));
  expect(isBlamed('log', 'no tariff')).toBe(true);
  expect(isBlamed('pod', 'status.containerStatuses[0].lastState.terminated.message: no tariff')).toBe(true);
  expect(isBlamed('pod', 'status.containerStatuses[0].restartCount: 3')).toBe(false);
});
