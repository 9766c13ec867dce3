import type { Logger } from '@aetherius/shared/log';
import { type Db, enqueueAll, type Outgoing, sql, type Tx } from '@aetherius/shared/postgres';
import { currentTraceparent, tracedBelow } from '@aetherius/shared/tracing';
import { advance, type Changes, type Snapshot } from './advance.ts';
import { closeApprovals, type EffectStore, lesson, progressMessage, tells } from './effect-store.ts';
import type { Answer } from './journal.ts';
import { journalStore, type Planned } from './journal-store.ts';
import { poisoned } from './poison.ts';
import type { RunRow } from './run.ts';
import type { RunFigures } from './run-metrics.ts';
import { lockWrites } from './run-store.ts';
import type { Trees } from './trees.ts';
import { writeDown } from './write-down.ts';

export type FaultPoint = 'after_claim' | 'after_plan' | 'before_commit' | 'after_commit';
/** A place where a test may throw, wait or kill; a run under a lease is `running`, one under its answer `waiting`. */
export type Fault = (point: FaultPoint, run: RunRow) => Promise<void> | void;

/** What it takes to advance runs. */
export type Advancing = {
  db: Db;
  effects: EffectStore;
  trees: Trees;
  protectedNamespaces: readonly string[];
  log: Logger;
  /** Called after a commit that put something into the outbox. */
  sent?: () => void;
  figures?: RunFigures;
  fault?: Fault;
};

/** A planned run; what it sends belongs to its own trace. `heard`: answers that it took into account and no row holds. */
export type Advanced = Planned & { now: string; traceparent: string | null; heard: readonly string[] };

/** Answers by the id of what they answer. */
export type Answers = ReadonlyMap<string, Answer>;

/** Plans runs as far as each can go, with answers that no row holds yet. */
export async function planAll(
  needs: Advancing,
  tx: Tx,
  runs: readonly RunRow[],
  answers: Answers = new Map(),
): Promise<Advanced[]> {
  const sick = runs.flatMap((run) => {
    const changes = poisoned(run);
    return changes === undefined ? [] : [{ run, changes }];
  });
  const sound = runs.filter((run) => !sick.some((one) => one.run === run));
  const snapshots = sound.length === 0 ? [] : await journalStore.load(tx, sound, needs);
  const now = snapshots[0]?.facts.now ?? (await tx.one<{ now: string }>(sql`select now() as now`)).now;
  const planned = [
    ...(await Promise.all(sick.map(({ run, changes }) => inItsTrace({ run, now, heard: [] }, () => changes)))),
    ...(await Promise.all(snapshots.map((one) => planOne(hear(one, answers), now)))),
  ];
  for (const { run } of planned) await needs.fault?.('after_plan', run);
  return planned;
}

type Heard = { snapshot: Snapshot; heard: string[] };

function hear(snapshot: Snapshot, answers: Answers): Heard {
  const heard: string[] = [];
  const journal = snapshot.journal.map((entry) => {
    const answer = answers.get(entry.correlation_id ?? '');
    if (answer === undefined || entry.correlation_id === null || entry.status !== 'started' || entry.answer !== null)
      return entry;
    heard.push(entry.correlation_id);
    return { ...entry, answer };
  });
  return { snapshot: { ...snapshot, journal }, heard };
}

const planOne = ({ snapshot, heard }: Heard, now: string): Promise<Advanced> =>
  inItsTrace({ run: snapshot.run, now, heard }, () => advance(snapshot));

const inItsTrace = (about: Pick<Advanced, 'run' | 'now' | 'heard'>, plan: () => Changes): Promise<Advanced> => {
  const { run } = about;
  const attributes = { run_id: run.id, incident_id: run.incident.id };
  return tracedBelow('run.advance', { parent: run.traceparent, attributes }, async () => {
    const changes = plan();
    const isNews = changes.status !== 'waiting' || differs(run, changes);
    const traceparent = currentTraceparent() ?? null;
    return { ...about, changes, traceparent, tells: isNews && tells(run, changes.progress) };
  });
};

const writes = ({ changes }: Advanced): boolean => changes.effects.some(({ kind }) => kind === 'write');

/**
 * Of the runs that are about to change one cluster the first goes on; the others look again afterwards, because what they
 * were allowed was decided without sight of its change.
 */
export function apart(planned: readonly Advanced[]): { together: Advanced[]; later: Advanced[] } {
  const changing = new Set<string>();
  const together: Advanced[] = [];
  const later: Advanced[] = [];
  for (const one of planned) {
    const { cluster_id } = one.run.incident;
    if (writes(one) && changing.has(cluster_id)) later.push(one);
    else together.push(one);
    if (writes(one)) changing.add(cluster_id);
  }
  return { together, later };
}

/**
 * The same for runs of other batches and other replicas: who is about to change a cluster waits until nobody else is, and plans
 * anew with sight of what they did. Taken before the rows of leased runs are locked, so that no two wait for each other.
 */
export async function inTurn(
  needs: Advancing,
  tx: Tx,
  planned: readonly Advanced[],
  answers?: Answers,
): Promise<Advanced[]> {
  const runs = planned.filter(writes).map(({ run }) => run);
  if (runs.length === 0) return [...planned];
  await lockWrites(
    tx,
    runs.map(({ incident }) => incident.cluster_id),
  );
  return [...planned.filter((one) => !writes(one)), ...(await planAll(needs, tx, runs, answers))];
}

/** Steps, effects and the runs' new states in one transaction behind each run's fence; answers with those whose fence held. */
export async function commitAll(
  { effects, fault }: Advancing,
  tx: Tx,
  planned: readonly Advanced[],
): Promise<Advanced[]> {
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
  for (const { run } of planned) await fault?.('before_commit', run);
  return kept;
}

/** Says of runs what they came to, after the commit. */
export async function announce({ log, figures, sent, fault }: Advancing, kept: readonly Advanced[]): Promise<void> {
  for (const { run } of kept) await fault?.('after_commit', run);
  if (kept.some(({ changes }) => changes.effects.length > 0 || changes.status !== 'waiting')) sent?.();
  for (const one of kept) {
    const { run, changes } = one;
    writeDown(run, one);
    if (changes.status === 'waiting') continue;
    figures?.ended(run, { status: changes.status, ...changes.progress });
    tell(log, run, changes);
  }
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
