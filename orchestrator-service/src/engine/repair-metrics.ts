import { Counter, Histogram, type Registry } from '@aetherius/shared/metrics';
import type { RunRow } from './run.ts';

/** What a run came to. */
export type Ended = {
  status: string;
  outcome: string | null;
  action: string | null;
  diagnosis: RunRow['diagnosis'];
};

const reasons = ['no_strategy', 'no_cause', 'observes_only', 'cancelled', 'held_back'] as const;
const repaired = ['verified', 'contained', 'done'];

/** Why a run ended without an action, or undefined where there was one. `held_back`: there was a cause, and a guard, a person or the cluster said no. */
export function reasonOfNothing(
  strategy: Pick<NonNullable<RunRow['strategy']>, 'autonomy'> | null,
  { status, action, diagnosis }: Ended,
): (typeof reasons)[number] | undefined {
  if (action !== null) return undefined;
  if (status === 'cancelled') return 'cancelled';
  if (diagnosis?.status !== 'answered') return 'no_cause';
  return strategy?.autonomy === 'observe' || strategy?.autonomy === 'suggest' ? 'observes_only' : 'held_back';
}

/** Runs as repairs, under the names that dashboards of such systems expect. */
export function createRepairMetrics(metrics: Registry) {
  const registers = [metrics];
  const untouched = new Counter({
    name: 'aegis_alert_ops_not_trigger_reason',
    help: 'Incidents for which nothing was done, by reason',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of reasons) untouched.inc({ reason }, 0);
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const succeeded = counter('aegis_alert_ops_status_succeed', 'Runs that ended well');
  const failed = counter(
    'aegis_alert_ops_status_failed',
    'Runs that ended otherwise, those that a person cancelled left out',
  );
  const seconds = new Histogram({
    name: 'aegis_alert_ops_execute_seconds',
    help: 'Time from the start of a run that acted to its end',
    buckets: [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400],
    registers,
  });
  return {
    unanswered: () => untouched.inc({ reason: 'no_strategy' }),
    ended: (run: Pick<RunRow, 'strategy'>, end: Ended, took: number) => {
      const reason = reasonOfNothing(run.strategy, end);
      if (reason !== undefined) untouched.inc({ reason });
      else seconds.observe(took);
      if (repaired.includes(end.outcome ?? end.status)) succeeded.inc();
      else if (end.status !== 'cancelled') failed.inc();
    },
  };
}
