import { sleep } from '@aetherius/shared/service';
import { p50AndP99 } from '../latency.ts';
import { cpuMsOf, rssMibOf } from '../process-usage.ts';
import { slopeOver } from './account.ts';
import type { Bed } from './bed.ts';
import { kindOf } from './mix.ts';

const TICK_MS = 10;
/** Nothing more is expected once the stream was quiet for this long. */
const QUIET_MS = 5_000;
const PATIENCE_MS = 600_000;

export type Written = Map<number, number>;

/** Does something so many times a second, and catches up when a turn came late. */
async function steadily(pace: { perSecond: number; seconds: number }, act: (at: number) => void): Promise<number> {
  const { perSecond, seconds } = pace;
  const started = performance.now();
  const all = Math.round(perSecond * seconds);
  for (let done = 0; done < all; ) {
    const due = Math.min(all, Math.floor(((performance.now() - started) / 1000) * perSecond));
    for (; done < due; done += 1) act(done);
    await sleep(TICK_MS);
  }
  return all;
}

/** The mixed load: how many changes there were, how fast they could be written, and what each thousand cost two watchers. */
export async function load(bed: Bed, written: Written, pace: { perSecond: number; seconds: number }) {
  const before = { agent: cpuMsOf(bed.agentPid), bare: cpuMsOf(bed.barePid), at: performance.now() };
  const changes = await steadily(pace, (at) => {
    const kind = kindOf(at);
    if (kind === 'warn') written.set(written.size, bed.crowd.warn(written.size));
    else bed.crowd[kind](at);
  });
  const perSecond = changes / ((performance.now() - before.at) / 1000);
  await settled(bed);
  const each = (ms: number): number => (ms / changes) * 1000;
  const bareMs = cpuMsOf(bed.barePid) - before.bare;
  const bareLatencies = (await bed.bareSeen()).map(([number, at]) => at - (written.get(number) ?? Number.NaN));
  return {
    changes,
    changes_per_s: perSecond,
    cpu_ms_per_1000_events: each(cpuMsOf(bed.agentPid) - before.agent),
    bare_watch_cpu_ms_per_1000_events: bareMs > 0 ? each(bareMs) : null,
    bare_watch_p99_ms: p50AndP99(bareLatencies).p99_ms,
  };
}

/** So many warnings as fast as the API server takes them. */
export async function storm(bed: Bed, written: Written, warnings: number): Promise<number> {
  const started = performance.now();
  for (let at = 0; at < warnings; at += 1) {
    written.set(written.size, bed.crowd.warn(written.size));
    // The API server lives in this process and has to send what was written.
    if (at % 100 === 99) await sleep(1);
  }
  const seconds = (performance.now() - started) / 1000;
  await settled(bed);
  return warnings / seconds;
}

/** Replays an hour in which every pod is replaced once, and watches the agent's memory meanwhile. */
export async function churn(bed: Bed, { pods, seconds }: { pods: number; seconds: number }) {
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(rssMibOf(bed.agentPid)), 1_000);
  await steadily({ perSecond: pods / seconds, seconds }, bed.crowd.replace);
  clearInterval(sampling);
  return slopeOver(samples);
}

/** Resolves when nothing has come out of the agent for a while and nothing lies in its spool. */
async function settled({ stream, spooled }: Bed): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let count = -1; performance.now() < end; count = stream.stored.length) {
    await sleep(QUIET_MS);
    if (count === stream.stored.length && (await spooled()) === 0) return;
  }
}
