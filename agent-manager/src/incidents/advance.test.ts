import { RunProgress } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { advance } from './advance.ts';
import { correlate, type IncidentRow } from './correlate.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 0, second)).toISOString();

function anIncident(changes: Partial<IncidentRow> = {}): IncidentRow {
  const fact = {
    cluster_id: 'eu-1',
    fingerprint: 'eu-1/shop/Deployment/cart',
    type: 'k8s_state',
    signal: 'fault',
    severity: 'high',
  } as const;
  const [change] = correlate(
    [],
    [{ ...fact, reason: 'BackOff', node: null, timestamp: at(0), evidence: null }],
    () => 'i-1',
  );
  if (change === undefined) throw new Error('no change');
  return { ...change.after, ...changes };
}

const progress = (changes: Partial<RunProgress>): RunProgress =>
  RunProgress.parse({
    incident_id: 'i-1',
    episode: 1,
    run_id: 'r-1',
    revision: 1,
    phase: 'explaining',
    at: at(30),
    ...changes,
  });

describe('a step of a run', () => {
  it('moves the state and keeps what an earlier step found out', () => {
    const explained = advance(
      anIncident(),
      progress({ diagnosis: aDiagnosis(), phase: 'repairing', action: 'rollback_workload' }),
    );
    const verifying = advance(explained, progress({ phase: 'verifying' }));
    expect(verifying).toMatchObject({
      state: 'verifying',
      action: 'rollback_workload',
      category: aDiagnosis().category,
      run_id: 'r-1',
    });
  });

  it('closes a resolved incident at the later of the run and the last signal', () => {
    const end = progress({ phase: 'resolved', outcome: 'verified' });
    expect(advance(anIncident(), end)).toMatchObject({ state: 'resolved', outcome: 'verified', closed_at: at(30) });
    expect(advance(anIncident({ last_seen_at: at(300) }), end).closed_at).toBe(at(300));
  });

  it('does not call a cancelled run a repair', () => {
    const end = progress({ phase: 'resolved', outcome: 'cancelled' });
    expect(advance(anIncident(), end)).toMatchObject({ state: 'open', outcome: 'cancelled', closed_at: null });
    expect(advance(anIncident({ last_clear_at: at(9) }), end)).toMatchObject({ state: 'resolved', outcome: 'cleared' });
  });

  it('keeps an escalated incident open, and a closed one closed', () => {
    expect(advance(anIncident(), progress({ phase: 'escalated', outcome: 'not_repaired' }))).toMatchObject({
      state: 'escalated',
      closed_at: null,
    });
    const closed = anIncident({ state: 'resolved', outcome: 'cleared', closed_at: at(10) });
    expect(advance(closed, progress({ phase: 'verifying' }))).toMatchObject({
      state: 'resolved',
      outcome: 'cleared',
      closed_at: at(10),
    });
  });
});
