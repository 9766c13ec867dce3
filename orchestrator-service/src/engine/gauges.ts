import { exposeFigures, type Registry } from '@aetherius/shared/metrics';
import type { Queues } from './queue-view.ts';

const names = {
  runs: ['aetherius_orchestrator_runs_open', 'Runs that have not ended'],
  active: ['workflow_executions_active', 'Runs that look after their target now'],
  queued: ['aetherius_orchestrator_runs_queued', 'Runs that wait for another run of the same target'],
  paused: ['aetherius_orchestrator_runs_paused', 'Runs that a person has paused'],
  oldest_seconds: ['aetherius_orchestrator_run_oldest_seconds', 'Age of the oldest run that has not ended'],
  runs_due_seconds: ['aetherius_orchestrator_runs_due_seconds', 'How long the run that is most overdue has been due'],
  approvals: ['aetherius_orchestrator_approvals_pending', 'Approvals that wait for a person'],
  approvals_oldest_seconds: [
    'aetherius_orchestrator_approvals_oldest_seconds',
    'Age of the oldest approval that waits',
  ],
  notifications: ['aetherius_orchestrator_notifications_pending', 'Messages to people that have not left'],
  notifications_failed: [
    'aetherius_orchestrator_notifications_failed',
    'Messages to people of the last day that were given up',
  ],
  kill_switch: ['aetherius_orchestrator_kill_switch_on', 'Whether changes to clusters are stopped'],
  adoption: [
    'recommendation_adoption_ratio',
    'Share of the diagnosed runs of seven days in which an action was carried out',
  ],
} satisfies Record<keyof Queues, [string, string]>;

/** Depth and age of every queue, read at the moment of a scrape. */
export const registerGauges = ({ metrics, read }: { metrics: Registry; read: () => Promise<Queues> }): void => {
  exposeFigures({ metrics, names, read });
  exposeFigures({
    metrics,
    names: { active: ['aegis_alert_ops_status_running', 'The same as workflow_executions_active'] },
    read: async () => ({ active: (await read()).active }),
  });
};
