import { Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Queues } from './queue-view.ts';

const names: Record<keyof Queues, [name: string, help: string]> = {
  runs: ['aetherius_orchestrator_runs_open', 'Runs that have not ended'],
  runs_due_seconds: ['aetherius_orchestrator_runs_due_seconds', 'How long the run that is most overdue has been due'],
  approvals: ['aetherius_orchestrator_approvals_pending', 'Approvals that wait for a person'],
  notifications: ['aetherius_orchestrator_notifications_pending', 'Messages to people that have not left'],
  outbox: ['aetherius_orchestrator_outbox_rows', 'Messages that have not left'],
  outbox_oldest_seconds: [
    'aetherius_orchestrator_outbox_oldest_seconds',
    'Age of the oldest message that has not left',
  ],
};

/** Depth and age of every queue, read at the moment of a scrape. */
export function registerGauges({ metrics, read }: { metrics: Registry; read: () => Promise<Queues> }): void {
  // One statement serves all gauges of a scrape.
  let reading: Promise<Queues | undefined> | undefined;
  const queues = () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  for (const [key, [name, help]] of Object.entries(names) as [keyof Queues, [string, string]][])
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        this.reset();
        // Without the database there is no figure, but the rest of the scrape still has to come through.
        const found = await queues();
        if (found !== undefined) this.set(found[key]);
      },
    });
}
