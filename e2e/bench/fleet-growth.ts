import { readFileSync } from 'node:fs';
import { sleep } from '@aetherius/shared/service';
import { growthExponent } from './growth.ts';
import { rounded } from './latency.ts';
import { type ProcessCost, processCosts } from './process-cost.ts';

const SETTLE_MS = 10_000;
const MEASURE_MS = 45_000;
/** Files that a process has open beside its connections. */
const OTHER_FILES = 200;

/** How many connections this process, and a bus started by it, may hold. */
const openFiles = (): number =>
  Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);

type AtSize = { agents: number; costs: Record<string, { cpu_ms_per_s: number; rss_mib: number }> };
type Growing = {
  sizes: readonly number[];
  pids: Readonly<Record<string, number>>;
  grow: (size: number) => Promise<void>;
  signal: AbortSignal;
};

/** What a fleet costs that is connected and beating and says nothing, at each size, and by which power of the size it grows. */
export async function measureGrowth({ sizes, pids, grow, signal }: Growing) {
  if (processCosts(pids) === null)
    return { growth_left_out: 'costs of processes are read from /proc, which is not here' };
  const most = openFiles() - OTHER_FILES;
  const at: AtSize[] = [];
  for (const agents of sizes.filter((size) => size <= most)) {
    await grow(agents);
    await sleep(SETTLE_MS, signal);
    at.push({ agents, costs: await costsOver(MEASURE_MS, pids, signal) });
  }
  const tooMany = sizes.filter((size) => size > most);
  return {
    growth: at,
    growth_exponents: Object.fromEntries(
      ['agent-manager', 'nats', 'postgres'].map((name) => [name, exponents(at, name)]),
    ),
    ...(tooMany.length === 0
      ? {}
      : { growth_left_out: `${tooMany.join(', ')} agents: only ${most} connections may be open` }),
  };
}

async function costsOver(ms: number, pids: Growing['pids'], signal: AbortSignal): Promise<AtSize['costs']> {
  const before = processCosts(pids);
  await sleep(ms, signal);
  const after = processCosts(pids) ?? {};
  const cpu = (name: string, { cpuMs }: ProcessCost) => ((cpuMs - (before?.[name]?.cpuMs ?? 0)) / ms) * 1000;
  return Object.fromEntries(
    Object.entries(after).map(([name, cost]) => [
      name,
      { cpu_ms_per_s: rounded(cpu(name, cost)) ?? 0, rss_mib: cost.rssMib },
    ]),
  );
}

function exponents(at: readonly AtSize[], name: string) {
  const of = (cost: 'cpu_ms_per_s' | 'rss_mib') =>
    rounded(growthExponent(at.map(({ agents, costs }) => ({ size: agents, cost: costs[name]?.[cost] ?? 0 }))), 2);
  return { cpu: of('cpu_ms_per_s'), rss: of('rss_mib') };
}
