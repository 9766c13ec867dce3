import { createLogger } from '@aetherius/shared/log';
import { createRandom } from '@aetherius/simulator';
import type { Values } from '../../reasoning-service/bench/bench-flags.ts';
import { compareStored } from './compare-stored.ts';
import { writeScript } from './event-script.ts';
import { nothingSent } from './event-sender.ts';
import { readFaults } from './fault-library.ts';
import { measureGrowth } from './fleet-growth.ts';
import { drain, type Speakers, sustain } from './fleet-load.ts';
import { runDelays, storedEvents } from './fleet-runs.ts';
import { type JoinedAgent, joinAgents } from './join-agents.ts';
import { p50AndP99, quantile, rounded } from './latency.ts';
import { type MeasuredFleet, onMeasuredFleet } from './measured-fleet.ts';
import { cpuPerThousand, processCosts } from './process-cost.ts';
import { rawCosts } from './raw-cost.ts';
import { printFigures, runBench, say } from './report.ts';
import { saidEvent } from './said-event.ts';

const flags = {
  numbers: {
    agents: { default: 1_000, min: 1, max: 10_000 },
    minutes: { default: 1, min: 0.1, max: 600 },
    rate: { default: 60_000, min: 60, max: 600_000 },
    backlog: { default: 20_000, min: 100, max: 500_000 },
  },
  switches: ['growth'] as const,
};
const SIZES = [100, 1_000, 10_000];
const SAMPLES = 2_000;
const RUNS_WITHIN_MS = 120_000;

type Options = Values<keyof typeof flags.numbers, 'growth'>;

/** A fleet of agents on connections of their own before the real manager, store, bus and orchestrator. */
async function bench(options: Options, measured: MeasuredFleet): Promise<Record<string, unknown>> {
  const { fleet, db, pids, signal } = measured;
  const faults = readFaults();
  say('what the bus and the store do by themselves');
  const raw = await rawCosts({ ...measured, events: sampleEvents(options.agents, faults) });
  const agents: JoinedAgent[] = [];
  const grow = async (size: number) => {
    say(`letting agents in, up to ${size}`);
    agents.push(
      ...(await joinAgents({ fleet, from: agents.length, to: size, log: createLogger('bench', 'silent'), signal })),
    );
  };
  try {
    const growth = options.growth ? await measureGrowth({ sizes: SIZES, pids, grow, signal }) : {};
    if (agents.length < options.agents) await grow(options.agents);
    const sent = nothingSent();
    const speakers: Speakers = { agents: agents.slice(0, options.agents), faults, sent };
    say(`${options.rate} events a minute for ${options.minutes} min`);
    const before = processCosts(pids);
    const generator = process.cpuUsage();
    const { storedAfter, sentPerMinute } = await sustain(
      { measured, ...speakers },
      { perMinute: options.rate, minutes: options.minutes },
    );
    const after = processCosts(pids);
    const { user, system } = process.cpuUsage(generator);
    const cpu_ms_per_1000_events = cpuPerThousand(before, after, sent.messages);
    const runs = await runDelays({ db, broke: sent.broke, withinMs: RUNS_WITHIN_MS, signal });
    say(`a backlog of ${options.backlog}`);
    const drain_per_s = await drain({ measured, ...speakers }, options.backlog);
    const { stored, ...wrong } = compareStored(sent, await storedEvents(db));
    const { p50_ms, p99_ms } = p50AndP99(storedAfter);
    return {
      agents: options.agents,
      agents_connected: agents.length,
      minutes: options.minutes,
      events_sent: sent.ids.size,
      events_stored: stored,
      ...wrong,
      messages_sent: sent.messages,
      messages_resent: sent.resent,
      events_per_minute: sentPerMinute,
      stored_p50_ms: p50_ms,
      stored_p99_ms: p99_ms,
      runs: runs.delays.length,
      runs_missing: runs.missing,
      run_started_p50_ms: rounded(quantile(runs.delays, 0.5)),
      run_started_p99_ms: rounded(quantile(runs.delays, 0.99)),
      drain_per_s,
      cpu_ms_per_1000_events,
      // It shares the machine with what it measures; microseconds of one are milliseconds of a thousand.
      load_generator_cpu_ms_per_1000_events: Math.round((user + system) / sent.messages),
      rss_mib: after && Object.fromEntries(Object.entries(after).map(([name, { rssMib }]) => [name, rssMib])),
      ...raw,
      ...growth,
    };
  } finally {
    await Promise.all(agents.map((agent) => agent.stop()));
  }
}

/** Events as the fleet will send them, for what the bus and the store make of them alone. */
const sampleEvents = (agents: number, faults: Speakers['faults']) =>
  writeScript({ agents, perMinute: SAMPLES, minutes: 1, random: createRandom(1) }).flatMap(
    ({ agent, thing, kind }, serial) =>
      kind === 'repeat'
        ? []
        : [
            saidEvent(
              { agent, thing, kind },
              { cluster: `fleet-${agent}`, agentId: 'bench', at: Date.now(), serial: String(serial), faults },
            ),
          ],
  );

await runBench('bench:fleet', flags, async (options) => {
  await onMeasuredFleet(async (measured) => printFigures(await bench(options, measured)));
});
