import type { InternalEvent } from '@aetherius/shared/contracts';
import { type Change, clearedAt, FORECAST, type IncidentRow, isCleared } from './correlate.ts';

type Phase = InternalEvent['phase'];

const told = (row: IncidentRow | undefined): row is IncidentRow => row?.opened_at != null && row.merged_into === null;

/** Whether the evidence is of something that has happened. */
const isSeen = ({ evidence }: IncidentRow): boolean => evidence !== null && evidence.weight > FORECAST;

const isNews = (before: IncidentRow, after: IncidentRow): boolean =>
  before.severity !== after.severity ||
  before.reasons.length !== after.reasons.length ||
  (!isSeen(before) && isSeen(after)) ||
  (before.evidence === null && after.evidence !== null);

/** The one message that a change of an incident is worth, or none. Reasons are only ever added, so their number tells. */
export function announcement({ before, after }: Change): Phase | undefined {
  if (after.opened_at === null || before?.closed_at != null) return undefined;
  if (after.merged_into !== null) return told(before) ? 'merged' : undefined;
  return told(before) ? update(before, after) : 'opened';
}

function update(before: IncidentRow, after: IncidentRow): Phase | undefined {
  if (after.closed_at !== null) return 'cleared';
  if (after.clear_told && !before.clear_told) return 'cleared';
  return isNews(before, after) ? 'changed' : undefined;
}

/** Where the message goes: the two subjects keep the urgent ones apart. */
export const announcementSubject = (row: IncidentRow): string =>
  row.severity === 'critical' ? 'internal.event.critical' : 'internal.event.incident';

/** What becomes of an incident whose clear holds since `held`: it closes, unless a run is at work on it; then its run is told, once. */
export function settled(row: IncidentRow, held: Date): IncidentRow {
  if (row.opened_at === null || row.closed_at !== null || row.merged_into !== null) return row;
  if (!isCleared(row) || Date.parse(row.updated_at) > held.getTime()) return row;
  switch (row.state) {
    case 'open':
    case 'escalated':
    case 'resolved':
    case 'stale':
      return { ...row, state: 'resolved', outcome: 'cleared', closed_at: clearedAt(row) };
    case 'explaining':
    case 'awaiting_approval':
      return { ...row, clear_told: true };
    case 'repairing':
    case 'verifying':
      // The repair itself clears the fault; the run that waits for this proof must not be stopped by it.
      return row;
  }
}
