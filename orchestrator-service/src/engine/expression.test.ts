import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, expressionProblem, quantity } from './expression.ts';

const scope = {
  incident: { reasons: ['a'] },
  diagnosis: null,
  steps: { x: { output: { n: 3 } } },
  run: {},
  strategy: null,
  item: 1,
};

describe('an expression', () => {
  it('answers in JSON', () => {
    expect(evaluate('size(incident.reasons)', scope)).toEqual({ ok: true, value: 1 });
    expect(evaluate('{"a": [1, steps.x.output.n]}', scope)).toEqual({ ok: true, value: { a: [1, 3] } });
    expect(evaluate("quantity('2Gi') <= 2.0 * quantity('1Gi')", scope)).toEqual({ ok: true, value: true });
  });

  it('says what is missing instead of guessing', () => {
    expect(evaluate('diagnosis.category', scope)).toMatchObject({ ok: false });
    expect(evaluate('steps.y.output', scope)).toMatchObject({ ok: false, problem: expect.stringContaining('y') });
    expect(evaluate("quantity('much')", scope)).toMatchObject({ ok: false });
  });

  it('is refused before it runs when it cannot be understood', () => {
    expect(expressionProblem('incident.reason ==')).toBeDefined();
    expect(expressionProblem('process.env')).toContain('process');
    expect(expressionProblem("incident.reason == 'x'")).toBeUndefined();
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        expectProblemOrNone(expressionProblem(source));
        expect(typeof evaluate(source, scope).ok).toBe('boolean');
      }),
    );
  });

  it('reads quantities as Kubernetes does', () => {
    expect(['128Mi', '1Gi', '500m', '2', '1k'].map(quantity)).toEqual([134217728, 1073741824, 0.5, 2, 1000]);
    expect(() => quantity('1 GB')).toThrow(RangeError);
  });
});

const expectProblemOrNone = (problem: string | undefined) =>
  expect(problem === undefined || problem.length > 0).toBe(true);
