import { WAKE_SUBJECT } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, enqueueAll, type Outgoing, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { type Loop, startLoop } from '@aetherius/shared/service';
import { currentTraceparent, tracedBelow } from '@aetherius/shared/tracing';
import { advance, type Changes } from './advance.ts';
import { closeApprovals, type EffectStore, lesson, progressMessage, tells } from './effect-store.ts';
import { journalStore, type Planned } from './journal-store.ts';
import { poisoned } from './poison.ts';
import type { RunRow } from './run.ts';
import type { RunFigures } from './run-metrics.ts';
import { runStore } from './run-store.ts';
import { createTrees, type Trees } from './trees.ts';
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
type Running = Needs & { trees: Trees };

const SWEEP_MS = 1_000;

/**
 * Takes due runs and advances them.
 * 1. A run is leased only from claim to commit; whoever loses the fence drops what it planned.
 * 2. The poll is the truth: hints only make it come sooner, so a lost hint costs a second and nothing else.
 * 3. A runner that dies leaves its lease to run out; any replica's sweep makes the run ready again.
 */
export function startRunner(given: Needs): Loop {
  const needs = { ...given, trees: createTrees() };
  return startLoop({ name: WAKE_SUBJECT, every: SWEEP_MS, log: needs.log, run: () => runDue(needs) });
}

/** One round: sweep, then advance until nothing is due. */
async function runDue(needs: Running): Promise<void> {
  await sweep(needs);
  for (;;) {
    const runs = await runStore.claim(needs.db.often, needs.owner);
    if (runs.length === 0) return;
    await advanceTogether(needs, runs);
  }
}

async function sweep({ db, log, figures }: Needs): Promise<void> {
  if (!(await runStore.needsSweep(db.often))) return;
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

/**
 * Takes runs through one load and one commit, because a commit costs the same for fifty as for one. What spoils it for all
 * is found by taking each alone; a failure there is a bug or a lost connection: the lease runs out and the sweep counts a crash.
 */
async function advanceTogether(needs: Running, runs: readonly RunRow[]): Promise<void> {
  try {
    const planned = await planAll(needs, runs);
    const { together, later } = apart(planned);
    await commitAll(needs, together);
    for (const { run } of later) await advanceTogether(needs, [run]);
  } catch (err) {
    const [first, ...others] = runs;
    if (others.length > 0) for (const run of runs) await advanceTogether(needs, [run]);
    else if (first !== undefined) stuck(needs, first, err);
  }
}

function stuck({ log, figures }: Needs, run: RunRow, err: unknown): void {
  figures?.stuck();
  log.error({ err, run_id: run.id, incident_id: run.incident.id }, 'a run could not be advanced');
}

/** A planned run; what it sends belongs to its own trace. */
type Advanced = Planned & { now: string; traceparent: string | null };

async function planAll(needs: Running, runs: readonly RunRow[]): Promise<Advanced[]> {
  const { db, fault = () => undefined } = needs;
  for (const run of runs) await fault('after_claim', run);
  const sick = runs.flatMap((run) => {
    const changes = poisoned(run);
    return changes === undefined ? [] : [{ run, changes }];
  });
  const sound = runs.filter((run) => !sick.some((one) => one.run === run));
  const snapshots = sound.length === 0 ? [] : await journalStore.load(db.often, sound, needs);
  const now = snapshots[0]?.facts.now ?? (await db.one<{ now: string }>(sql`select now() as now`)).now;
  const planned = [
    ...(await Promise.all(sick.map(({ run, changes }) => inItsTrace({ run, now }, () => changes)))),
    ...(await Promise.all(snapshots.map((one) => inItsTrace({ run: one.run, now }, () => advance(one))))),
  ];
  for (const { run } of planned) await fault('after_plan', run);
  return planned;
}

const inItsTrace = ({ run, now }: { run: RunRow; now: string }, plan: () => Changes): Promise<Advanced> => {
  const attributes = { run_id: run.id, incident_id: run.incident.id };
  return tracedBelow('run.advance', { parent: run.traceparent, attributes }, async () => {
    const changes = plan();
    const isNews = changes.status !== 'waiting' || differs(run, changes);
    const traceparent = currentTraceparent() ?? null;
    return { run, changes, now, traceparent, tells: isNews && tells(run, changes.progress) };
  });
};

/**
 * Of the runs that are about to change one cluster the first goes on; the others look again afterwards, because what they
 * were allowed was decided without sight of its change.
 */
function apart(planned: readonly Advanced[]): { together: Advanced[]; later: Advanced[] } {
  const changing = new Set<string>();
  const together: Advanced[] = [];
  const later: Advanced[] = [];
  for (const one of planned) {
    const { cluster_id } = one.run.incident;
    const writes = one.changes.effects.some(({ kind }) => kind === 'write');
    if (writes && changing.has(cluster_id)) later.push(one);
    else together.push(one);
    if (writes) changing.add(cluster_id);
  }
  return { together, later };
}

async function commitAll(needs: Needs, planned: readonly Advanced[]): Promise<void> {
  const { db, log, figures, sent, fault = () => undefined } = needs;
  const kept = await withTransaction(db, async (tx) => {
    const written = await commit(needs, tx, planned);
    for (const { run } of planned) await fault('before_commit', run);
    return written;
  });
  for (const { run } of planned) await fault('after_commit', run);
  if (kept.some(({ changes }) => changes.effects.length > 0 || changes.status !== 'waiting')) sent?.();
  for (const one of kept) {
    const { run, changes } = one;
    writeDown(run, one);
    if (changes.status === 'waiting') continue;
    figures?.ended(run, { status: changes.status, outcome: changes.progress.outcome });
    tell(log, run, changes);
  }
}

/** Steps, effects and the runs' new states in one transaction behind each run's fence; answers with those whose fence held. */
async function commit({ effects }: Needs, tx: Tx, planned: readonly Advanced[]): Promise<Advanced[]> {
  const revisions = await journalStore.release(tx, planned);
  const kept = planned.filter(({ run }) => revisions.has(run.id));
  await journalStore.write(tx, kept);
  const outgoing: Outgoing[] = [];
  for (const { run, changes, tells: isTold, now, traceparent } of kept) {
    const told = { progress: changes.progress, now };
    const messages = [
      ...(await effects.carryOut(tx, run, changes.effects)),
      ...(isTold ? progressMessage(run, { ...told, revision: revisions.get(run.id) ?? 0 }) : []),
      ...(changes.status === 'waiting' ? [] : lesson(run, told)),
    ];
    outgoing.push(...messages.map((message) => ({ ...message, traceparent })));
  }
  await closeApprovals(
    tx,
    kept.filter(({ changes }) => changes.status !== 'waiting').map(({ run }) => run.id),
  );
  await enqueueAll(tx, outgoing);
  return kept;
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
