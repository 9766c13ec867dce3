import { errors } from '@aetherius/shared/errors';
import { sql } from '@aetherius/shared/postgres';
import { sleep } from '@aetherius/shared/service';
import { cpuMsOf, familyCpuMsOf } from '../process-usage.ts';
import type { Bed, Replica } from './bed.ts';

export const STEPS_PER_RUN = 6;
const PATIENCE_MS = 20 * 60_000;
/** Incidents that are told at once: more would only wait in the client's own buffer. */
const TOLD_AT_ONCE = 500;

/** Milliseconds of a core that a replica, the whole database server, the bus and the bench itself, with its agent, have used. */
const usage = ({ postgresPid, busPid }: Bed, { pid }: Replica) => ({
  ...{ engine: cpuMsOf(pid), store: familyCpuMsOf(postgresPid) },
  ...{ bus: cpuMsOf(busPid), bench: cpuMsOf(process.pid) },
});

type Usage = ReturnType<typeof usage>;

const perStep = (before: Usage, after: Usage, steps: number) => ({
  engine: (after.engine - before.engine) / steps,
  store: (after.store - before.store) / steps,
  bus: (after.bus - before.bus) / steps,
  bench: (after.bench - before.bench) / steps,
});

const named = (phase: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${phase}-${String(at).padStart(6, '0')}`);

const rowOrFan = (at: number): string => (at % 2 === 0 ? 'row' : 'fan');

async function tellAll(bed: Bed, names: readonly string[], reasonOf: (at: number) => string): Promise<void> {
  for (let from = 0; from < names.length; from += TOLD_AT_ONCE)
    await bed.tell(names.slice(from, from + TOLD_AT_ONCE), reasonOf);
}

/** Waits until so many runs of a phase are in one of these states. */
async function reached(bed: Bed, { phase, count, open }: { phase: string; count: number; open: boolean }) {
  const state = open ? sql`status = 'waiting'` : sql`finished_at is not null`;
  for (const end = performance.now() + PATIENCE_MS; ; await sleep(500)) {
    const { runs } = await bed.db.one<{ runs: number }>(
      sql`select count(*) as runs from run where trigger_key like ${`${phase}-%`} and ${state}`,
    );
    if (runs >= count) return;
    if (performance.now() > end) throw errors.unavailable({ phase, reason: `${runs} of ${count} runs came so far` });
  }
}

/** Steps done in a second, from the first run's row to the last step's commit, and the CPU that each took. */
export async function stepCommits(bed: Bed, { replica, runs }: { replica: Replica; runs: number }) {
  const before = usage(bed, replica);
  await tellAll(bed, named('steps', runs), rowOrFan);
  await reached(bed, { phase: 'steps', count: runs, open: false });
  const { steps, seconds } = await bed.db.one<{ steps: number; seconds: number }>(sql`
    select count(*) as steps, extract(epoch from max(step.finished_at) - min(run.created_at))::float8 as seconds
      from run join step on step.run_id = run.id where run.trigger_key like 'steps-%' and step.status = 'done'`);
  const after = usage(bed, replica);
  return { per_second: steps / seconds, cpu_ms: perStep(before, after, steps) };
}

/** Shares of a core that a replica and the whole database server use while nothing happens. */
export async function idleShare(bed: Bed, replica: Replica, seconds: number) {
  const before = usage(bed, replica);
  await sleep(seconds * 1000);
  const after = usage(bed, replica);
  const share = (used: number): number => used / (seconds * 1000);
  return { engine: share(after.engine - before.engine), store: share(after.store - before.store) };
}

/** Lets so many runs come to their wait. What they left behind on their way is cleaned up at once: it is no cost of waiting. */
export async function letWait(bed: Bed, count: number): Promise<void> {
  await tellAll(bed, named('waiting', count), () => 'pause');
  await reached(bed, { phase: 'waiting', count, open: true });
  await bed.db.run(sql`vacuum analyze`);
  await bed.db.run(sql`checkpoint`);
}

const TAKEOVER_SECONDS = 6;
const TOLD_PER_TENTH = 3;

/**
 * Kills one of two replicas in the midst of a steady load. The answer is the longest time that a step stood open, or a
 * run stood without its first step, counted from the kill.
 */
export async function takeover(bed: Bed, { victim, round }: { victim: Replica; round: number }): Promise<number> {
  const phase = `kill${round}`;
  const names = named(phase, TAKEOVER_SECONDS * 10 * TOLD_PER_TENTH);
  let killed = '';
  for (let tenth = 0; tenth < TAKEOVER_SECONDS * 10; tenth += 1) {
    await bed.tell(names.slice(tenth * TOLD_PER_TENTH, (tenth + 1) * TOLD_PER_TENTH), rowOrFan);
    await sleep(100);
    if (tenth !== (TAKEOVER_SECONDS * 10) / 2) continue;
    process.kill(victim.pid, 'SIGKILL');
    killed = (await bed.db.one<{ now: string }>(sql`select clock_timestamp() as now`)).now;
  }
  await reached(bed, { phase, count: names.length, open: false });
  const { stood } = await bed.db.one<{ stood: number }>(sql`
    select extract(epoch from max(stood))::float8 as stood from (
      select step.finished_at - greatest(step.started_at, ${killed}::timestamptz) as stood
        from run join step on step.run_id = run.id where run.trigger_key like ${`${phase}-%`}
      union all
      select min(step.started_at) - greatest(run.created_at, ${killed}::timestamptz)
        from run join step on step.run_id = run.id where run.trigger_key like ${`${phase}-%`} group by run.id) times`);
  return stood;
}

/** The steps that are done, over all phases in which the agent was asked. */
export const doneSteps = (bed: Bed): Promise<{ correlation_id: string; attempt: number }[]> =>
  bed.db.many(sql`select correlation_id, attempt from step where kind = 'command' and status = 'done'`);

/** Runs that should have had all their steps. */
export const runsWithSteps = async (bed: Bed): Promise<number> =>
  (await bed.db.one<{ runs: number }>(sql`select count(*) as runs from run where definition <> 'pause'`)).runs;
