import { type TestEnvironment, withTestBacking } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import type { Values } from '../../reasoning-service/bench/bench-flags.ts';
import { accountOf } from './agent/account.ts';
import { openBed } from './agent/bed.ts';
import { churn, load, storm, type Written } from './agent/phases.ts';
import { growthExponent } from './growth.ts';
import { p50AndP99, rounded } from './latency.ts';
import { peakRssMibOf, rssMibOf } from './process-usage.ts';
import { printFigures, runBench, say } from './report.ts';

const EXPORTER_MISSING =
  'kubernetes-event-exporter is not to be had: the Go module proxy answers 403 for github.com/resmoio/kubernetes-event-exporter and for github.com/opsgenie/kubernetes-event-exporter';
const GROWTH = [1_000, 10_000, 50_000];
const GROWTH_SECONDS = 20;

const flags = {
  numbers: {
    pods: { default: 10_000, min: 1, max: 200_000 },
    rate: { default: 2_000, min: 1, max: 100_000 },
    seconds: { default: 60, min: 1, max: 3_600 },
    storm: { default: 20_000, min: 1, max: 1_000_000 },
    churn: { default: 300, min: 1, max: 3_600 },
    quiet: { default: 30, min: 1, max: 3_600 },
  },
  switches: ['growth'] as const,
};
type Options = Values<keyof typeof flags.numbers, 'growth'>;

async function whole(env: TestEnvironment, sizes: Options) {
  const { pods, rate, seconds } = sizes;
  const bed = await openBed(env, pods);
  try {
    const written: Written = new Map();
    const started = rssMibOf(bed.agentPid);
    say(`${pods} pods: in step with ${Math.round(started)} MiB`);
    const loaded = await load(bed, written, { perSecond: rate, seconds });
    const steady = accountOf({ written, stored: bed.stream.stored, cut: bed.stream.seen.cut });
    say(
      `${loaded.changes} changes at ${Math.round(loaded.changes_per_s)}/s: ${steady.published} of ${written.size} published`,
    );
    const stormed = await storm(bed, written, sizes.storm);
    say(
      `a storm of ${sizes.storm} warnings at ${Math.round(stormed)}/s: now at ${Math.round(rssMibOf(bed.agentPid))} MiB`,
    );
    await sleep(sizes.quiet * 1000);
    const quiet = rssMibOf(bed.agentPid);
    const slope = await churn(bed, { pods, seconds: sizes.churn });
    const { stored, seen } = bed.stream;
    const { latencies, ...account } = accountOf({ written, stored, cut: seen.cut });
    const { p50_ms, p99_ms } = p50AndP99(steady.latencies);
    return {
      ...{ pods, changes: loaded.changes + sizes.storm, changes_per_s: rounded(loaded.changes_per_s) },
      ...{ ...account, cut_and_counted: seen.cut, told_besides: seen.others, p50_ms, p99_ms },
      bare_watch_p99_ms: loaded.bare_watch_p99_ms,
      storm_p99_ms: p50AndP99(latencies.slice(steady.published)).p99_ms,
      storm_per_s: rounded(stormed, 0),
      ...{
        rss_mib: rounded(peakRssMibOf(bed.agentPid)),
        rss_quiet_mib: rounded(quiet),
        rss_in_step_mib: rounded(started),
      },
      rss_slope_mib_per_h: rounded(slope),
      cpu_ms_per_1000_events: rounded(loaded.cpu_ms_per_1000_events),
      bare_watch_cpu_ms_per_1000_events: rounded(loaded.bare_watch_cpu_ms_per_1000_events),
      exporter_missing: EXPORTER_MISSING,
    };
  } finally {
    await bed.stop();
  }
}

async function oneSize(env: TestEnvironment, { pods, rate }: Pick<Options, 'pods' | 'rate'>) {
  const bed = await openBed(env, pods);
  try {
    const loaded = await load(bed, new Map(), { perSecond: rate, seconds: GROWTH_SECONDS });
    const point = { pods, rss_mib: peakRssMibOf(bed.agentPid), cpu_ms: loaded.cpu_ms_per_1000_events };
    say(`${pods} pods: ${rounded(point.rss_mib)} MiB, ${rounded(point.cpu_ms)} ms of CPU for 1000 events`);
    return point;
  } finally {
    await bed.stop();
  }
}

async function growing(env: TestEnvironment, { rate }: Options) {
  const points: Awaited<ReturnType<typeof oneSize>>[] = [];
  for (const pods of GROWTH) points.push(await oneSize(env, { pods, rate }));
  const exponent = (cost: 'rss_mib' | 'cpu_ms') =>
    rounded(growthExponent(points.map((point) => ({ size: point.pods, cost: point[cost] }))), 2);
  return {
    pods: GROWTH,
    rss_mib: points.map((point) => rounded(point.rss_mib)),
    cpu_ms_per_1000_events: points.map((point) => rounded(point.cpu_ms)),
    rss_exponent: exponent('rss_mib'),
    cpu_exponent: exponent('cpu_ms'),
  };
}

await runBench('bench:agent', flags, async (options) => {
  await withTestBacking(
    async (env) => printFigures(options.growth ? await growing(env, options) : await whole(env, options)),
    { bare: true },
  );
});
