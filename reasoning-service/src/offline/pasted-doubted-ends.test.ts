import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const table = `$ kubectl get pods -n moor
NAME                      READY   STATUS             RESTARTS      AGE
grouse-6f7d8c9b5-2k4lm    0/1     CrashLoopBackOff   9 (1m ago)    3d
`;
const ended = (...lines: string[]) =>
  pasted({ 'pods.txt': table, 'moor_grouse-6f7d8c9b5-2k4lm_grouse_previous.log': `${lines.join('\n')}\n` });

describe('a program that keeps ending, by words that no signature knows', () => {
  const outside = '2026-11-20T10:14:01Z ERROR nest protocol: handshake with the egg server gave no answer within 30 s';

  it('ends by itself where they tell of itself', () => {
    expect(ended('2026-11-20T10:14:01Z ERROR the nest holds an egg of another').category).toBe('crash_loop_app_error');
  });

  it('is left open where they may tell of a fault outside, and they are told', () => {
    const found = ended(outside);
    expect([found.category, found.status]).toEqual(['unknown', 'abstained']);
    expect(found.root_cause.description).toContain('handshake with the egg server gave no answer');
    expect(found.evidence.map(({ quote }) => quote)).toContain(outside);
    expect(found.rejected.map(({ category }) => category)).toEqual(['crash_loop_app_error']);
  });
});
