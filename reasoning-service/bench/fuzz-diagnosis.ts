import { availableParallelism, loadavg } from 'node:os';
import type { Bundle } from '@aetherius/shared/contracts';
import { runCommand } from '@aetherius/shared/service';
import fc from 'fast-check';
import type { Source } from '../src/intake/reading.ts';
import { readFlags, type Values } from './bench-flags.ts';
import { damagedBundle, type Reception, received } from './damaged-bundle.ts';
import { damagedText, swellings, swollen, textReceived, textSamples } from './damaged-text.ts';
import { readHalf } from './incident-library.ts';

const SLOWEST_MS = 2_000;
const MOST_RSS_MIB = 1_536;
const LARGE = 10_000_000;

const usage = `usage: npm run fuzz:diagnosis -- [--runs N] [--large N] [--seed N]

Damages recorded bundles and texts; each must be refused with a reason or answered by its evidence, in bounded time and memory.

  --runs N   damaged bundles, and as many damaged texts (10000)
  --large N  texts that are swollen to 10 MB (120)
  --seed N   repeats a run that failed (another one each time)
  --help     this text
`;
const readOptions = readFlags({
  numbers: {
    runs: { default: 10_000, min: 1, max: 10_000_000 },
    large: { default: 120, min: 1, max: 100_000 },
    seed: { default: Date.now() % 1e9, min: 0, max: 0x7fff_ffff },
  },
});

/** A busy machine is no fault of the input: there the processor's time counts alone. */
const isQuiet = (): boolean => (loadavg()[0] ?? 0) <= availableParallelism();

/** How so many inputs of one kind were met. */
function createTally() {
  const counts: Record<Reception, number> = { refused: 0, answered: 0, abstained: 0 };
  const slowest = { cpu_ms: 0, wall_ms: 0 };
  /** Whether an input was met within its time. */
  const isMet = (meet: () => Reception): boolean => {
    const [began, from] = [performance.now(), process.cpuUsage()];
    counts[meet()] += 1;
    const { user, system } = process.cpuUsage(from);
    const [cpu, wall] = [(user + system) / 1000, performance.now() - began];
    slowest.cpu_ms = Math.max(slowest.cpu_ms, Math.round(cpu));
    slowest.wall_ms = Math.max(slowest.wall_ms, Math.round(wall));
    return cpu < SLOWEST_MS && (wall < SLOWEST_MS || !isQuiet());
  };
  return { isMet, figures: () => ({ ...counts, slowest }) };
}

type Amount = { numRuns: number; seed: number };

function hold<T>(inputs: fc.Arbitrary<T>, meet: (input: T) => Reception, { numRuns, seed }: Amount) {
  const tally = createTally();
  fc.assert(
    fc.property(inputs, (input) => tally.isMet(() => meet(input))),
    { numRuns, seed, endOnFailure: true },
  );
  return { runs: numRuns, ...tally.figures() };
}

/** The same samples at ten megabytes; what fails is named by how it was made, not by its ten megabytes. */
function holdLarge(samples: readonly Source[], amount: Amount) {
  const made = fc.record({ sample: fc.nat(samples.length - 1), how: fc.constantFrom(...swellings), at: fc.nat(1_000) });
  return hold(
    made,
    ({ sample, how, at }) => textReceived(swollen(samples[sample] as Source, how, { letters: LARGE, at })),
    amount,
  );
}

type Asked = Values<'runs' | 'large' | 'seed'>;

function fuzz({ runs, large, seed }: Asked): string {
  const bundles: Bundle[] = readHalf('tune').map(({ bundle }) => bundle);
  const samples = textSamples(bundles);
  const result = {
    seed,
    bundles: hold(damagedBundle(bundles), received, { numRuns: runs, seed }),
    texts: hold(damagedText(samples), textReceived, { numRuns: runs, seed }),
    large_texts: holdLarge(samples, { numRuns: large, seed }),
    peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  if (result.peak_rss_mib > MOST_RSS_MIB) throw new Error(`more than ${MOST_RSS_MIB} MiB of memory was needed`);
  const what =
    'damaged bundles, damaged texts and texts of 10 MB: each refused with a reason or answered by its evidence';
  return `${what}\n${JSON.stringify(result)}\n`;
}

process.exitCode = await runCommand<Asked>(process.argv.slice(2), { usage, readOptions, answer: fuzz });
