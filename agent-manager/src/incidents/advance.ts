import type { RunProgress } from '@aetherius/shared/contracts';
import { type IncidentRow, isCleared } from './correlate.ts';

const latest = (...times: (string | null)[]): string =>
  times.reduce<string>(
    (last, at) => (at !== null && (last === '' || Date.parse(at) > Date.parse(last)) ? at : last),
    '',
  );

/**
 * Closes an incident at `at`, or at its last signal when that carries a later time: an agent whose clock runs ahead must
 * not re-open with its old faults what was just repaired.
 */
export const closed = (row: IncidentRow, at: string | null, outcome: string): IncidentRow => ({
  ...row,
  state: 'resolved',
  outcome,
  closed_at: latest(at, row.last_seen_at, row.last_clear_at, row.foreseen_at, row.averted_at),
});

/** Where an incident stands after a step of its run. */
export function advance(row: IncidentRow, progress: RunProgress): IncidentRow {
  const informed: IncidentRow = {
    ...row,
    run_id: progress.run_id,
    diagnosis: progress.diagnosis ?? row.diagnosis,
    category: progress.diagnosis?.category ?? row.category,
    action: progress.action ?? row.action,
  };
  if (row.closed_at !== null) return informed;
  if (progress.phase !== 'resolved') return { ...informed, state: progress.phase, outcome: progress.outcome };
  if (progress.outcome !== 'cancelled') return closed(informed, progress.at, progress.outcome ?? 'verified');
  // A cancelled run repaired nothing: the incident ends only when the fault went away by itself.
  return isCleared(row)
    ? closed(informed, progress.at, 'cleared')
    : { ...informed, state: 'open', outcome: 'cancelled' };
}
