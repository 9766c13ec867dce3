import { recordSpan } from '@aetherius/shared/tracing';
import type { Changes } from './advance.ts';
import type { RunRow } from './run.ts';

/** Adds to the run's trace what has ended: its steps, and at last the run itself. */
export function writeDown(
  { id, traceparent: parent, incident, created_at }: RunRow,
  { changes, now }: { changes: Changes; now: string },
): void {
  const about = { run_id: id, incident_id: incident.id };
  for (const { kind, path, status, reason, started_at, finished_at } of changes.entries)
    if (finished_at !== null)
      recordSpan(`step ${kind}`, {
        parent,
        attributes: { ...about, path, status, ...(reason === null ? {} : { reason }) },
        from: new Date(started_at),
        to: new Date(finished_at),
      });
  if (changes.status === 'waiting') return;
  const outcome = changes.progress.outcome ?? changes.status;
  const { action } = changes.progress;
  const attributes = { ...about, outcome, ...(action === null ? {} : { action }) };
  recordSpan('run', { parent, attributes, from: new Date(created_at), to: new Date(now) });
}
