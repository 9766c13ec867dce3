import { withTestBacking } from '@aetherius/local';
import type { Bundle } from '@aetherius/shared/contracts';
import { diagnose } from '../../reasoning-service/src/diagnosis/diagnose.ts';
import { openBed } from './diagnose/bed.ts';
import { readFaults } from './fault-library.ts';
import { p50AndP99, rounded } from './latency.ts';
import { printFigures, runBench, say } from './report.ts';

const flags = {
  numbers: {
    questions: { default: 5_000, min: 1, max: 1_000_000 },
    'at-once': { default: 8, min: 1, max: 1_000 },
    'loop-seconds': { default: 10, min: 1, max: 3_600 },
  },
};
type Options = Record<keyof typeof flags.numbers, number>;

/** Each bundle a few times before anything counts: plans, code and connections are cold once in the life of a service. */
const WARM_UP = 2;

/** Questions over the service's own queue: from the bus into its process, and back through its outbox. */
async function overQueue(bundles: readonly Bundle[], { questions, 'at-once': at_once }: Options) {
  return withTestBacking(
    async (env) => {
      const bed = await openBed(env);
      try {
        await bed.askAll(bundles, { questions: bundles.length * WARM_UP, atOnce: at_once });
        const from = performance.now();
        const took = await bed.askAll(bundles, { questions, atOnce: at_once });
        const seconds = (performance.now() - from) / 1000;
        say(`${questions} questions in ${rounded(seconds)} s, ${at_once} under way at once`);
        return { diagnoses_per_s: Math.round(questions / seconds), ...p50AndP99(took), questions, at_once };
      } finally {
        await bed.stop();
      }
    },
    { durable: true, bare: true },
  );
}

/** The reasoning alone, without queue and store, in one process. */
function inLoop(bundles: readonly Bundle[], { 'loop-seconds': seconds }: Options) {
  for (let turn = 0; turn < WARM_UP; turn += 1) for (const bundle of bundles) diagnose(bundle);
  // A bundle that comes over the wire shares nothing with the one before: what is kept per object must not help here.
  const texts = bundles.map((bundle) => JSON.stringify(bundle));
  const from = performance.now();
  let made = 0;
  while (performance.now() - from < seconds * 1000) {
    diagnose(JSON.parse(texts[made % texts.length] ?? ''));
    made += 1;
  }
  return { loop_per_s: Math.round((made * 1000) / (performance.now() - from)) };
}

await runBench('bench:diagnose', flags, async (options) => {
  const bundles = readFaults().map(({ bundle }) => bundle);
  const queue = await overQueue(bundles, options);
  printFigures({ ...queue, ...inLoop(bundles, options), bundles: bundles.length });
});
