import { createMetrics } from '@aetherius/shared/metrics';
import { describe, expect, it } from '@jest/globals';
import { createRepairMetrics, type Ended, reasonOfNothing } from './repair-metrics.ts';

const end = (more: Partial<Ended>): Ended => ({
  status: 'done',
  outcome: 'not_repaired',
  action: null,
  diagnosis: null,
  ...more,
});
const found = { status: 'answered' } as Ended['diagnosis'];

describe('a run as a repair', () => {
  it.each([
    ['an action', 'auto', { action: 'restart', diagnosis: found }, undefined],
    ['no cause', 'auto', {}, 'no_cause'],
    ['a diagnosis that abstains', 'auto', { diagnosis: { status: 'abstained' } as Ended['diagnosis'] }, 'no_cause'],
    ['a strategy that only suggests', 'suggest', { diagnosis: found }, 'observes_only'],
    ['a guard that says no', 'auto', { diagnosis: found }, 'held_back'],
    ['a person who cancels', 'auto', { status: 'cancelled', outcome: 'cancelled', diagnosis: found }, 'cancelled'],
  ] as const)('with %s says why nothing was done', (_what, autonomy, more, reason) => {
    expect(reasonOfNothing({ autonomy }, end(more))).toBe(reason);
  });

  it('is counted by how it ended, and timed where something was done', async () => {
    const metrics = createMetrics('orchestrator-service');
    const repairs = createRepairMetrics(metrics);
    repairs.ended({ strategy: null }, end({ outcome: 'verified', action: 'restart', diagnosis: found }), 42);
    repairs.ended({ strategy: null }, end({ status: 'failed' }), 1);
    repairs.ended({ strategy: null }, end({ status: 'cancelled', outcome: 'cancelled' }), 1);
    repairs.unanswered();
    const page = await metrics.metrics();
    const all = 'service="orchestrator-service"}';
    expect(page).toContain(`aegis_alert_ops_status_succeed{${all} 1`);
    expect(page).toContain(`aegis_alert_ops_status_failed{${all} 1`);
    expect(page).toContain(`aegis_alert_ops_execute_seconds_sum{${all} 42`);
    expect(page).toContain(`aegis_alert_ops_not_trigger_reason{reason="no_cause",${all} 1`);
    expect(page).toContain(`aegis_alert_ops_not_trigger_reason{reason="no_strategy",${all} 1`);
    expect(page).toContain(`aegis_alert_ops_not_trigger_reason{reason="held_back",${all} 0`);
  });
});
