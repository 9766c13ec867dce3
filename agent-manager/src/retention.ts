import {
  type Expiry,
  inboxExpiry,
  inboxVariable,
  removeRows,
  retentionDays,
  sql,
  type Tx,
} from '@aetherius/shared/postgres';
import { removeOldLinks } from './audit/remove-old-links.ts';
import type { Trail } from './audit/trail.ts';

/** How long what is kept; an event that comes late must still find that it, or its episode, was there before. */
export const retentionVariables = {
  RETENTION_EVENTS_DAYS: retentionDays(30, 'Events, and the evidence that nothing refers to any more', 15),
  RETENTION_INCIDENTS_DAYS: retentionDays(180, 'Closed incidents with their timelines', 31),
  RETENTION_COMMANDS_DAYS: retentionDays(90, 'Commands of people, once ended, with their results'),
  RETENTION_AUDIT_DAYS: retentionDays(1_095, 'The audit chain', 31),
  ...inboxVariable,
};
type Days = Record<keyof typeof retentionVariables, number>;

/** What the manager lets go of, and when; what an open incident shows stays for as long as it is open. */
export const managerExpiries = (days: Days, trail: Trail): Expiry[] => [
  { what: 'event', days: days.RETENTION_EVENTS_DAYS, remove: removeEvents },
  { what: 'event_day', days: days.RETENTION_EVENTS_DAYS, remove: dropEmptyDays },
  { what: 'incident', days: days.RETENTION_INCIDENTS_DAYS, remove: removeIncidents },
  { what: 'progress', days: days.RETENTION_INCIDENTS_DAYS, remove: removeProgress },
  { what: 'bundle', days: days.RETENTION_EVENTS_DAYS, remove: removeBundles },
  { what: 'command', days: days.RETENTION_COMMANDS_DAYS, remove: removeCommands },
  { what: 'audit', days: days.RETENTION_AUDIT_DAYS, remove: removeOldLinks(trail) },
  inboxExpiry(days.RETENTION_INBOX_DAYS),
];

const removeEvents = removeRows({
  table: 'event',
  key: ['day', 'id'],
  // The day narrows it to the partitions that can hold such events.
  expired: (before) => sql`
    day <= ${before}::timestamptz::date and received_at < ${before} and not exists (
      select 1 from incident as open
       where open.closed_at is null and open.opened_at is not null and open.cluster_id = event.cluster_id
         and (open.fingerprint = event.fingerprint or event.type = 'gap')
         and event.timestamp >= open.opened_at - interval '10 minutes')`,
});

const removeIncidents = removeRows({
  table: 'incident',
  key: ['id', 'episode'],
  expired: (before) => sql`
    closed_at < ${before} and updated_at < ${before}
    and not exists (
      select 1 from (
        select distinct on (run_id) phase from progress
         where progress.incident_id = incident.id and progress.episode = incident.episode order by run_id, revision desc) as run
       where run.phase not in ('resolved', 'escalated'))
    and not exists (
      select 1 from incident as open
       where open.closed_at is null and (open.id = incident.merged_into or open.merged_into = incident.id))`,
});

const removeProgress = removeRows({
  table: 'progress',
  key: ['incident_id', 'episode', 'run_id', 'revision'],
  expired: (before) => sql`
    at < ${before} and not exists (
      select 1 from incident where incident.id = progress.incident_id and incident.episode = progress.episode)`,
});

const removeBundles = removeRows({
  table: 'bundle',
  key: ['hash'],
  expired: (before) => sql`
    stored_at < ${before}
    and not exists (select 1 from event where event.bundle_hash = bundle.hash)
    and not exists (select 1 from incident where incident.evidence->>'hash' = bundle.hash and incident.evidence is not null)`,
});

const removeCommands = removeRows({
  table: 'command',
  key: ['id'],
  expired: (before) => sql`updated_at < ${before} and status not in ('sent', 'accepted')`,
});

/** Partitions of days long past that hold nothing any more. */
async function dropEmptyDays(tx: Tx, before: Date): Promise<number> {
  const newest = `event_${before.toISOString().slice(0, 10).replaceAll('-', '')}`;
  const days = await tx.many<{ name: string }>(sql`
    select c.relname as name from pg_inherits join pg_class as c on c.oid = inhrelid
     where inhparent = 'event'::regclass and c.relname ~ '^event_[0-9]{8}$' and c.relname < ${newest} order by 1`);
  if (days.length === 0) return 0;
  // The parent first, as writers lock it: the other way round both would wait for each other.
  await tx.run(sql`set local lock_timeout = '2s'`);
  await tx.run(sql`lock table only event in access exclusive mode`);
  let dropped = 0;
  for (const { name } of days) {
    const { used } = await tx.one<{ used: boolean }>(sql`select exists (select 1 from ${sql.raw(name)}) as used`);
    if (used) continue;
    await tx.run(sql`drop table ${sql.raw(name)}`);
    dropped += 1;
  }
  return dropped;
}
