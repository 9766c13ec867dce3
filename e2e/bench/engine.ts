import { parseArgs } from 'node:util';
import { withTestBacking } from '@aetherius/local';
import { readCounts, say } from './bench-options.ts';
import { accountOf } from './engine/account.ts';
import { openBed } from './engine/bed.ts';
import { doneSteps, idleShare, letWait, runsWithSteps, STEPS_PER_RUN, stepCommits, takeover } from './engine/phases.ts';
import { rawCommits } from './engine/raw-commits.ts';
import { measureTemporal } from './engine/temporal.ts';

const KILLS = 3;
const IDLE_SECONDS = 20;
/** The peer is slow: a part of the runs says as much. */
const TEMPORAL_SHARE = 10;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3000' }, waiting: { type: 'string', default: '10000' } },
});
const { runs, waiting } = readCounts({ runs: values.runs, waiting: values.waiting });
const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

await withTestBacking(
  async (env) => {
    const bed = await openBed(env);
    try {
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
      const stood: number[] = [];
      for (let round = 0; round < KILLS; round += 1) {
        const victim = await bed.addReplica(`victim-${round}`);
        stood.push(await takeover(bed, { victim, round }));
      }
      say(`longest stand after each SIGKILL: ${stood.map((one) => one.toFixed(2)).join(', ')} s`);
      const peer = await measureTemporal(Math.ceil(runs / TEMPORAL_SHARE));
      const expected = (await runsWithSteps(bed)) * STEPS_PER_RUN;
      const account = accountOf({ expected, done: await doneSteps(bed), asked: bed.agent.asked });
      say(
        JSON.stringify({
          step_commits_per_s: Math.round(per_second),
          runs,
          waiting_runs: waiting,
          waiting_cpu_share: rounded(Math.max(0, full.engine + full.store - empty.engine - empty.store), 4),
          waiting_total_cpu_share: rounded(full.engine + full.store, 4),
          idle_cpu_share: rounded(empty.engine + empty.store, 4),
          takeover_s: rounded(Math.max(...stood)),
          ...account,
          raw_commit_per_s: Math.round(raw),
          raw_commit_per_s_ten_callers: Math.round(rawShared),
          cpu_ms_per_step: { engine: rounded(cpu_ms.engine, 2), store: rounded(cpu_ms.store, 2) },
          ...peer,
          ...('temporal_steps_per_s' in peer
            ? { ratio_to_temporal: rounded(per_second / peer.temporal_steps_per_s, 1) }
            : {}),
        }),
      );
    } finally {
      await bed.stop();
    }
  },
  { durable: true, bare: true },
);
