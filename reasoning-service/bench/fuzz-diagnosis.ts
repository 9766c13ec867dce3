import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { damagedBundle, type Reception, received } from './damaged-bundle.ts';
import { readIncidents } from './incident-library.ts';

const SLOWEST_MS = 2_000;

const {
  values: { runs, seed },
} = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: `${Date.now() % 1e9}` } },
});
const bundles = readIncidents().map(({ bundle }) => bundle);
const counts: Record<Reception, number> = { refused: 0, answered: 0, abstained: 0 };
let slowest = 0;

fc.assert(
  fc.property(damagedBundle(bundles), (candidate) => {
    // Of the processor, because a busy machine is not the fault of the bundle.
    const from = process.cpuUsage();
    const reception = received(candidate);
    const { user, system } = process.cpuUsage(from);
    const took = (user + system) / 1000;
    counts[reception] += 1;
    slowest = Math.max(slowest, took);
    return took < SLOWEST_MS;
  }),
  { numRuns: Number(runs), seed: Number(seed) },
);
process.stdout.write(`${runs} damaged bundles, seed ${seed}: each refused with a reason or answered by its evidence\n`);
process.stdout.write(
  `${JSON.stringify({
    runs: Number(runs),
    seed: Number(seed),
    ...counts,
    slowest_cpu_ms: Math.round(slowest),
    peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
