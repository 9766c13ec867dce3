import { type Expiry, inboxExpiry, inboxVariable, removeRows, retentionDays, sql } from '@aetherius/shared/postgres';

/** How long what is kept; cooldowns are counted from the writes of finished runs, so the longest one has to fit in. */
export const retentionVariables = {
  RETENTION_RUNS_DAYS: retentionDays(180, 'Finished runs with their steps, approvals and notifications', 31),
  ...inboxVariable,
};
type Days = Record<keyof typeof retentionVariables, number>;

/** What the orchestrator lets go of, and when: never a run that is under way, nor one whose incident is still open. */
export const orchestratorExpiries = (days: Days): Expiry[] => [
  { what: 'run', days: days.RETENTION_RUNS_DAYS, remove: removeRuns },
  { what: 'blob', days: days.RETENTION_RUNS_DAYS, remove: removeBlobs },
  inboxExpiry(days.RETENTION_INBOX_DAYS),
];

const removeRuns = removeRows({
  table: 'run',
  key: ['id'],
  // A run that resolved its incident closed it; one that a person started belongs to none.
  expired: (before) => sql`
    finished_at < ${before}
    and (incident_over or (phase = 'resolved' and outcome <> 'cancelled') or starts_with(trigger_key, 'manual:'))`,
});

const removeBlobs = removeRows({
  table: 'blob',
  key: ['hash'],
  expired: (before) => sql`
    created_at < ${before}
    and not exists (select 1 from run where run.bundle_hash = blob.hash)
    and not exists (select 1 from step where step.output_hash = blob.hash)`,
});
