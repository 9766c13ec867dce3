import { withTestBacking } from '@aetherius/local';
import { accountOf } from './engine/account.ts';
import { type Bed, openBed } from './engine/bed.ts';
import { doneSteps, idleShare, letWait, runsWithSteps, STEPS_PER_RUN, stepCommits, takeover } from './engine/phases.ts';
import { rawCommits } from './engine/raw-commits.ts';
import { measureTemporal } from './engine/temporal.ts';
import { rounded } from './latency.ts';
import { printFigures, runBench, say } from './report.ts';

const KILLS = 3;
const IDLE_SECONDS = 20;
/** The peer is slow: a part of the runs says as much. */
const TEMPORAL_SHARE = 10;

const flags = {
  numbers: {
    runs: { default: 3_000, min: 1, max: 1_000_000 },
    waiting: { default: 10_000, min: 1, max: 1_000_000 },
  },
};
type Options = Record<keyof typeof flags.numbers, number>;

async function bench(bed: Bed, { runs, waiting }: Options): Promise<Record<string, unknown>> {
  const raw = await rawCommits(bed.db, { callers: 1, seconds: 5 });
  const rawShared = await rawCommits(bed.db, { callers: 10, seconds: 5 });
  say(`the store alone: ${Math.round(raw)} commits/s of one row by one caller, ${Math.round(rawShared)} by ten`);
  const first = await bed.addReplica('first');
  const empty = await idleShare(bed, first, IDLE_SECONDS);
  const { per_second, cpu_ms } = await stepCommits(bed, { replica: first, runs });
  say(`${runs} runs of ${STEPS_PER_RUN} steps, half with a parallel part: ${Math.round(per_second)} steps/s`);
  await letWait(bed, waiting);
  const full = await idleShare(bed, first, IDLE_SECONDS);
  say(`engine and store with ${waiting} waiting runs: ${JSON.stringify(full)}, without: ${JSON.stringify(empty)}`);
  const takeover_s = await longestStand(bed);
  const peer = await measureTemporal(Math.ceil(runs / TEMPORAL_SHARE));
  const expected = (await runsWithSteps(bed)) * STEPS_PER_RUN;
  const account = accountOf({ expected, done: await doneSteps(bed), asked: bed.agent.asked });
  return {
    step_commits_per_s: Math.round(per_second),
    runs,
    waiting_runs: waiting,
    waiting_cpu_share: rounded(Math.max(0, full.engine + full.store - empty.engine - empty.store), 4),
    waiting_total_cpu_share: rounded(full.engine + full.store, 4),
    idle_cpu_share: rounded(empty.engine + empty.store, 4),
    takeover_s,
    ...account,
    raw_commit_per_s: Math.round(raw),
    raw_commit_per_s_ten_callers: Math.round(rawShared),
    cpu_ms_per_step: Object.fromEntries(Object.entries(cpu_ms).map(([part, ms]) => [part, rounded(ms, 2)])),
    ...peer,
    ...('temporal_steps_per_s' in peer ? { ratio_to_temporal: rounded(per_second / peer.temporal_steps_per_s) } : {}),
  };
}

/** Seconds that no step was committed after a replica was killed, the longest of a few. */
async function longestStand(bed: Bed): Promise<number | null> {
  const stood: number[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const victim = await bed.addReplica(`victim-${round}`);
    stood.push(await takeover(bed, { victim, round }));
  }
  say(`longest stand after each SIGKILL: ${stood.map((one) => one.toFixed(2)).join(', ')} s`);
  return rounded(Math.max(...stood), 3);
}

await runBench('bench:engine', flags, async (options) => {
  await withTestBacking(
    async (env) => {
      const bed = await openBed(env);
      try {
        printFigures(await bench(bed, options));
      } finally {
        await bed.stop();
      }
    },
    { durable: true, bare: true },
  );
});
