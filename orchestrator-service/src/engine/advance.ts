import type { Effect } from './effect.ts';
import type { Entry } from './journal.ts';
import type { Sequence } from './node.ts';
import { type Place, type Plan, plan } from './plan.ts';
import { endingOf, hasWritten, type Progress, progressOf, writeUnderWay } from './progress.ts';
import type { RunRow, RunStatus } from './run.ts';
import { diagnosisOf, type Facts, fetchedIn, type Scope, stepsSeenFrom } from './scope.ts';
import { begin, settle } from './steps/index.ts';
import type { Event, StepChange } from './steps/step-kind.ts';

export type Snapshot = { run: RunRow; tree: Sequence; journal: readonly Entry[]; facts: Facts };
export type Changes = {
  entries: Entry[];
  effects: Effect[];
  status: Extract<RunStatus, 'waiting' | 'done' | 'failed' | 'cancelled'>;
  wake_at: string | null;
  progress: Progress;
};

/** Rows that one run may write: past that it is a loop that nobody meant. */
const MAX_ENTRIES = 1000;

type Work = { snapshot: Snapshot; journal: Map<string, Entry>; changed: Map<string, Entry>; effects: Effect[] };

/** Takes a run as far as it can go without the outside: the same snapshot gives the same changes on any replica. */
export function advance(snapshot: Snapshot): Changes {
  const journal = new Map(snapshot.journal.map((entry) => [entry.path, entry]));
  const work: Work = { snapshot, journal, changed: new Map(), effects: [] };
  const early = cutShort(work);
  if (early !== undefined) return early;
  for (;;) {
    const next = plan(snapshot.tree, journal);
    if (next.state !== 'open') return ended(work, next);
    if (journal.size > MAX_ENTRIES) return ended(work, { state: 'failed', reason: 'journal_limit' });
    if (!progressOn(next, work)) return waiting(work);
    const stopped = stopIfAsked(work);
    if (stopped !== undefined) return stopped;
  }
}

/** Ends that do not wait for any step: a run that has had its time, and one that nobody needs any more. */
function cutShort(work: Work): Changes | undefined {
  const { run, facts } = work.snapshot;
  if (Date.parse(run.deadline) <= Date.parse(facts.now)) return ended(work, { state: 'failed', reason: 'run_timeout' });
  return stopIfAsked(work);
}

/** The incident is over by itself: stop, but never between a write and the sight of what it did. */
function stopIfAsked(work: Work): Changes | undefined {
  const { run } = work.snapshot;
  if (run.stop === null || writeUnderWay(work.journal)) return undefined;
  if (hasWritten(work.journal)) {
    const next = plan(work.snapshot.tree, work.journal);
    const proven = [...work.journal.values()].some((entry) => entry.kind === 'proven');
    // After a write the workflow says what it led to, unless the repair is proven already.
    return proven
      ? ended(work, { state: 'done', reason: null })
      : next.state === 'open'
        ? undefined
        : ended(work, next);
  }
  const progress = progressOf(run, work.journal);
  return {
    ...ended(work, { state: 'done', reason: null }),
    status: 'cancelled',
    progress: { ...progress, phase: 'resolved', outcome: 'cancelled', note: run.stop },
  };
}

/** Settles what has an event and starts what is due; false when nothing moved. */
function progressOn(next: Plan, work: Work): boolean {
  let moved = false;
  for (const place of next.open) moved = settleOpen(place, work) || moved;
  for (const place of next.start) {
    write(work, place, begin(place.leaf, scopeAt(place, work)));
    moved = true;
  }
  return moved;
}

function settleOpen(place: Place, work: Work): boolean {
  const entry = work.journal.get(place.path);
  const event = entry === undefined ? undefined : eventOf(entry, work.snapshot.facts.now);
  if (entry === undefined || event === undefined) return false;
  write(work, place, settle(place.leaf, { entry, event, scope: scopeAt(place, work) }));
  return true;
}

/** An answer that came beats a deadline that passed meanwhile. */
function eventOf(entry: Entry, now: string): Event | undefined {
  if (entry.answer !== null) return entry.answer;
  if (isPast(entry.deadline, now)) return { kind: 'deadline' };
  return isPast(entry.wake_at, now) ? { kind: 'woken' } : undefined;
}

const isPast = (at: string | null, now: string): boolean => at !== null && Date.parse(at) <= Date.parse(now);

const scopeAt = ({ path, item }: Place, { snapshot, journal }: Work): Scope => ({
  run: snapshot.run,
  path,
  facts: snapshot.facts,
  // Many steps never look.
  get steps() {
    return stepsSeenFrom(path, journal);
  },
  diagnosis: diagnosisOf(journal),
  fetched: fetchedIn(journal),
  item,
});

const fresh = ({ path, leaf }: Place, now: string): Entry => ({
  path,
  kind: leaf.kind,
  status: 'started',
  attempt: 1,
  input: null,
  output: null,
  reason: null,
  correlation_id: null,
  answer: null,
  deadline: null,
  wake_at: null,
  started_at: now,
  finished_at: null,
});

function write(work: Work, place: Place, change: StepChange): void {
  const { now } = work.snapshot.facts;
  const before = work.journal.get(place.path) ?? fresh(place, now);
  const entry = apply({ ...before, answer: null, wake_at: null }, change, now);
  work.journal.set(place.path, entry);
  work.changed.set(place.path, entry);
  work.effects.push(...(change.effects ?? []));
}

function apply(entry: Entry, change: StepChange, now: string): Entry {
  const later = (seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();
  if (change.status === 'done') return { ...entry, status: 'done', output: change.output, finished_at: now };
  if (change.status === 'failed')
    return { ...entry, status: 'failed', reason: change.reason, output: change.output ?? {}, finished_at: now };
  return {
    ...entry,
    input: change.input ?? entry.input,
    output: change.output ?? entry.output,
    correlation_id: change.correlation_id ?? entry.correlation_id,
    attempt: change.attempt ?? entry.attempt,
    deadline: change.deadline_in === undefined ? entry.deadline : later(change.deadline_in),
    wake_at: change.wake_in === undefined ? null : later(change.wake_in),
  };
}

function ended(work: Work, end: Pick<Plan, 'state' | 'reason'>): Changes {
  const { run } = work.snapshot;
  return {
    entries: [...work.changed.values()],
    effects: work.effects,
    status: end.state === 'failed' ? 'failed' : 'done',
    wake_at: null,
    progress: endingOf(run, work.journal, end),
  };
}

function waiting(work: Work): Changes {
  const { run } = work.snapshot;
  const times = [...work.journal.values()]
    .filter((entry) => entry.status === 'started')
    .flatMap((entry) => [entry.deadline, entry.wake_at])
    .concat(run.deadline)
    .filter((at) => at !== null);
  const earliest = times.reduce((a, b) => (Date.parse(a) <= Date.parse(b) ? a : b), run.deadline);
  return {
    entries: [...work.changed.values()],
    effects: work.effects,
    status: 'waiting',
    wake_at: earliest,
    progress: progressOf(run, work.journal),
  };
}
