import { Incident } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { type Expected, judge, openedSince, strays, summary } from './judge.ts';

const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const at = '2026-01-02T03:04:05.000Z';
const incident = (parts: Partial<Incident>): Incident =>
  Incident.parse({
    id: 'i-1',
    cluster_id: 'eu-1',
    fingerprint: 'f',
    severity: 'high',
    state: 'resolved',
    reasons: ['X'],
    subject,
    opened_at: at,
    last_seen_at: at,
    episode: 1,
    hits: 1,
    events: 1,
    diagnosis: aDiagnosis({ category: 'oom_killed' }),
    action: 'set_resources',
    outcome: 'verified',
    ...parts,
  });
const expected: Expected = { category: 'oom_killed', subject, outcome: 'verified', action: 'set_resources' };

describe('judge', () => {
  it('is content with what the file asks for', () => {
    expect(judge('oom', expected, [incident({})])).toMatchObject({
      detected: true,
      explained: true,
      repaired: true,
      verified: true,
      escalated: false,
      finished: true,
      problems: [],
    });
  });

  it('names each thing that is not as it should be', () => {
    const wrong = incident({
      state: 'escalated',
      outcome: 'not_repaired',
      action: null,
      diagnosis: aDiagnosis({ category: 'unknown', status: 'abstained' }),
    });
    expect(judge('oom', expected, [wrong]).problems).toEqual([
      'category is unknown, expected oom_killed',
      'action is null, expected set_resources',
      'outcome is not_repaired, expected verified',
      'state is escalated, expected resolved',
    ]);
    expect(judge('oom', expected, []).problems).toEqual(['not detected']);
  });

  it('takes a contained fault as escalated, not as repaired', () => {
    const cordoned = incident({ state: 'escalated', outcome: 'contained', action: 'cordon_node' });
    const verdict = judge('node', { ...expected, outcome: 'escalated', action: 'cordon_node' }, [cordoned]);
    expect(verdict).toMatchObject({ repaired: false, verified: false, contained: true, escalated: true, problems: [] });
  });

  it('holds every episode against a scenario, not only the last one', () => {
    const earlier = incident({ action: 'restart_workload' });
    expect(judge('oom', expected, [earlier, incident({ episode: 2 })]).problems).toEqual([
      'action is restart_workload, expected set_resources',
    ]);
  });

  it('counts a false alarm as wrong', () => {
    const stray = incident({ subject: { ...subject, name: 'other' } });
    expect(strays([expected], [stray])).toEqual([stray]);
    expect(summary([judge('oom', expected, [incident({})])], [stray], { first_verified: 3, total: 9 })).toMatchObject({
      faults: 1,
      verified: 1,
      wrong: 1,
      seconds_to_first_verified: 3,
    });
  });
});

describe('openedSince', () => {
  it('leaves out what an earlier start left in the database', () => {
    const [before, during] = [incident({ id: 'i-1' }), incident({ id: 'i-2', opened_at: '2026-01-02T03:04:06+00:00' })];
    expect(openedSince(new Date('2026-01-02T03:04:05.500Z'), [before, during])).toEqual([during]);
    expect(openedSince(new Date(at), [before, during])).toEqual([before, during]);
  });
});
