import { WAKE_SUBJECT } from '@aetherius/shared/contracts';
import { type Tx, withTransaction } from '@aetherius/shared/postgres';
import { type Loop, startLoop } from '@aetherius/shared/service';
import { type Advancing, announce, apart, commitAll, inTurn, planAll } from './advance-runs.ts';
import type { RunRow } from './run.ts';
import { runStore } from './run-store.ts';

type Needs = Advancing & { owner: string };

const SWEEP_MS = 1_000;

/**
 * Takes due runs and advances them.
 * 1. A run is leased only from claim to commit; whoever loses the fence drops what it planned.
 * 2. The poll is the truth: hints only make it come sooner, so a lost hint costs a second and nothing else.
 * 3. A runner that dies leaves its lease to run out; any replica's sweep makes the run ready again.
 */
export const startRunner = (needs: Needs): Loop =>
  startLoop({ name: WAKE_SUBJECT, every: SWEEP_MS, log: needs.log, run: () => runDue(needs) });

/** One round: sweep, then advance until nothing is due. */
async function runDue(needs: Needs): Promise<void> {
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
async function advanceTogether(needs: Needs, runs: readonly RunRow[]): Promise<void> {
  try {
    for (const run of runs) await needs.fault?.('after_claim', run);
    const { together, later } = apart(await planAll(needs, needs.db.often, runs));
    const commit = async (tx: Tx) => commitAll(needs, tx, await inTurn(needs, tx, together));
    await announce(needs, await withTransaction(needs.db, commit));
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
