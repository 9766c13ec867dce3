import { WAKE_SUBJECT } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, sql, withTransaction } from '@aetherius/shared/postgres';
import { type Loop, startLoop } from '@aetherius/shared/service';
import { tracedBelow } from '@aetherius/shared/tracing';
import { advance, type Changes } from './advance.ts';
import type { EffectStore } from './effect-store.ts';
import { journalStore } from './journal-store.ts';
import { poisoned } from './poison.ts';
import type { RunRow } from './run.ts';
import type { RunFigures } from './run-metrics.ts';
import { runStore } from './run-store.ts';
import { writeDown } from './write-down.ts';

export type FaultPoint = 'after_claim' | 'after_plan' | 'before_commit' | 'after_commit';
/** A place where a test may throw, wait or kill. */
export type Fault = (point: FaultPoint, run: RunRow) => Promise<void> | void;

type Needs = {
  db: Db;
  effects: EffectStore;
  owner: string;
  protectedNamespaces: readonly string[];
  log: Logger;
  /** Called after a commit that put something into the outbox. */
  sent?: () => void;
  figures?: RunFigures;
  fault?: Fault;
};

const SWEEP_MS = 1_000;

/**
 * Takes due runs and advances them.
 * 1. A run is leased only from claim to commit; whoever loses the fence drops what it planned.
 * 2. The poll is the truth: hints only make it come sooner, so a lost hint costs a second and nothing else.
 * 3. A runner that dies leaves its lease to run out; any replica's sweep makes the run ready again.
 */
export function startRunner(needs: Needs): Loop {
  return startLoop({ name: WAKE_SUBJECT, every: SWEEP_MS, log: needs.log, run: () => runDue(needs) });
}

/** One round: sweep, then advance until nothing is due. */
async function runDue(needs: Needs): Promise<void> {
  await sweep(needs);
  for (;;) {
    const runs = await runStore.claim(needs.db, needs.owner);
    if (runs.length === 0) return;
    await Promise.all(runs.map((run) => advanceInTrace(needs, run)));
  }
}

async function sweep({ db, log, figures }: Needs): Promise<void> {
  const taken = await withTransaction(db, async (tx) => {
    if (!(await runStore.maySweep(tx))) return 0;
    const count = await runStore.takeOver(tx);
    await runStore.promote(tx);
    return count;
  });
  if (taken === 0) return;
  figures?.takenOver(taken);
  log.warn({ runs: taken }, 'runs of a dead runner taken over');
}

const advanceInTrace = (needs: Needs, run: RunRow): Promise<void> =>
  tracedBelow(
    'run.advance',
    { parent: run.traceparent, attributes: { run_id: run.id, incident_id: run.incident.id } },
    () => advanceRun(needs, run),
  );

/** A failure here is a bug or a lost connection: the lease runs out and the sweep counts a crash. */
async function advanceRun(needs: Needs, run: RunRow): Promise<void> {
  const { db, log, fault = () => undefined } = needs;
  try {
    await fault('after_claim', run);
    const planned = await planOf(needs, run);
    const { changes } = planned;
    await fault('after_plan', run);
    const written = await withTransaction(db, async (tx) => {
      const kept = await commit({ needs, tx, run, planned });
      await fault('before_commit', run);
      return kept;
    });
    await fault('after_commit', run);
    if (!written) return;
    writeDown(run, planned);
    if (changes.effects.length > 0 || changes.status !== 'waiting') needs.sent?.();
    if (changes.status === 'waiting') return;
    needs.figures?.ended(run, { status: changes.status, outcome: changes.progress.outcome });
    tell(log, run, changes);
  } catch (err) {
    needs.figures?.stuck();
    log.error({ err, run_id: run.id, incident_id: run.incident.id }, 'a run could not be advanced');
  }
}

type Planned = { changes: Changes; now: string };

async function planOf({ db, protectedNamespaces }: Needs, run: RunRow): Promise<Planned> {
  const changes = poisoned(run);
  if (changes !== undefined) return { changes, ...(await db.one<{ now: string }>(sql`select now() as now`)) };
  const snapshot = await journalStore.load(db, run, protectedNamespaces);
  return { changes: advance(snapshot), now: snapshot.facts.now };
}

type Committing = { needs: Needs; tx: Parameters<typeof journalStore.write>[0]; run: RunRow; planned: Planned };

/** Steps, effects and the run's new state in one transaction behind the fence; false when the fence is lost. */
async function commit({ needs: { effects }, tx, run, planned: { changes, now } }: Committing): Promise<boolean> {
  if (!(await journalStore.release(tx, { run, changes }))) return false;
  await journalStore.write(tx, run.id, changes.entries);
  await effects.carryOut(tx, run, changes.effects);
  const told = { progress: changes.progress, now };
  if (changes.status !== 'waiting' || differs(run, changes)) await effects.tell(tx, run, told);
  if (changes.status !== 'waiting') await effects.close(tx, run, told);
  return true;
}

const differs = (run: RunRow, { progress }: Changes): boolean =>
  run.phase !== progress.phase ||
  run.action !== progress.action ||
  (run.diagnosis === null) !== (progress.diagnosis === null);

const tell = (log: Logger, run: RunRow, { status, progress }: Changes): void =>
  log.info(
    { run_id: run.id, incident_id: run.incident.id, status, outcome: progress.outcome, note: progress.note },
    'run ended',
  );
