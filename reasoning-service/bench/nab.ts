import { createHash } from 'node:crypto';
import { runCommand } from '@aetherius/shared/service';
import { createSeriesDetector } from '../src/detection/series-detector.ts';
import { THRESHOLD, type Tuning, tuning } from '../src/detection/tuning.ts';
import { readFlags, type Values } from './bench-flags.ts';
import { dataFolder } from './data-folder.ts';
import { mean, rounded } from './figures.ts';
import { type NabSeries, readNab } from './nab-data.ts';
import { corpusOf, fitted, learningRows, outcomeAt, profiles, type ScoredSeries } from './nab-score.ts';
import { isOperations } from './operations.ts';
import { windowedGaussian } from './windowed-gaussian.ts';

const usage = `usage: npm run bench:nab -- [--data FOLDER]

How well the detector finds the labelled faults of the Numenta Anomaly Benchmark.

  --data FOLDER  where its repository lies as nab (AETHERIUS_DATA)
  --help         this text
`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const hundredths = (value: number): number => rounded(value, 2);

const detected = (series: NabSeries, config: Tuning): ScoredSeries => {
  const detector = createSeriesDetector(learningRows(series.values.length), config);
  return { ...series, scores: series.values.map((value) => detector.observe(value)) };
};

const scoresOf = (scored: readonly ScoredSeries[]) => {
  const corpus = corpusOf(scored);
  return {
    standard: fitted(corpus, profiles.standard),
    low_fp: fitted(corpus, profiles.low_fp),
    low_fn: fitted(corpus, profiles.low_fn),
  };
};

/** Only this half of the files was looked at while the detector was tuned. */
const wasTunedOn = ({ name }: { name: string }): boolean =>
  (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0;

/** Configurations next to the shipped one: a single figure moves by two points for no reason. */
const neighbours: readonly Tuning[] = [
  ...[-0.05, 0.05, 0.1].map((more) => ({ ...tuning, margins: tuning.margins.map((margin) => margin + more) })),
  ...[-4, 4, 8].map((more) => ({ ...tuning, blocks: tuning.blocks + more })),
];

type Half = ReturnType<typeof outcomeAt>;
const lineOf = (part: string, { score, windows_found, false_positives }: Half): string =>
  `${part.padEnd(22)} ${score.toFixed(2).padStart(8)} ${String(windows_found).padStart(8)} ${String(false_positives).padStart(13)}`;

/** The shipped detector over all files, with the processor's time that a point takes. */
function timed(series: readonly NabSeries[]): { scored: ScoredSeries[]; microseconds: number } {
  const started = process.cpuUsage();
  const scored = series.map((one) => detected(one, tuning));
  const { user, system } = process.cpuUsage(started);
  return { scored, microseconds: (user + system) / series.reduce((rows, { values }) => rows + values.length, 0) };
}

const profilesOf = ({ standard, low_fp, low_fn }: ReturnType<typeof scoresOf>): number[] =>
  [standard, low_fp, low_fn].map(({ score }) => score);

function answer({ data }: Values<never, never, 'data'>): string {
  const series = readNab(dataFolder('nab', data));
  const control = profilesOf(scoresOf(series.map((one) => ({ ...one, scores: windowedGaussian(one.values) }))));
  say(
    `control: windowedGaussian ${control.map((score) => score.toFixed(2)).join(' / ')} (published 39.65 / 20.87 / 47.41)`,
  );
  const { scored, microseconds } = timed(series);
  const scores = scoresOf(scored);
  const { standard, low_fp, low_fn } = scores;
  const at = (part: readonly ScoredSeries[], flag = standard.threshold) =>
    outcomeAt(corpusOf(part), profiles.standard, flag);
  const operations = at(scored.filter(isOperations));
  const [tuned, other] = [at(scored.filter(wasTunedOn)), at(scored.filter((one) => !wasTunedOn(one)))];
  const shipped = at(scored, THRESHOLD);
  const near = neighbours.map((config) => scoresOf(series.map((one) => detected(one, config))).standard.score);
  const figures = {
    windowed_gaussian: control.map(hundredths),
    standard: hundredths(standard.score),
    low_fp: hundredths(low_fp.score),
    low_fn: hundredths(low_fn.score),
    operations: hundredths(operations.score),
    windows_found: standard.windows_found,
    false_positives: standard.false_positives,
    fixed_threshold_standard: hundredths(shipped.score),
    mean_of_neighbours: hundredths(mean([standard.score, ...near])),
    tuned_half: hundredths(tuned.score),
    other_half: hundredths(other.score),
    cpu_us_per_point: hundredths(microseconds),
  };
  return [
    `threshold ${standard.threshold.toFixed(3)}, shipped ${THRESHOLD}; ${microseconds.toFixed(1)} µs of a core a point`,
    'part                   standard  windows  false points',
    lineOf('all files', standard),
    lineOf('all, fixed threshold', shipped),
    lineOf('operations', operations),
    lineOf('tuned half', tuned),
    lineOf('other half', other),
    `${JSON.stringify(figures)}\n`,
  ].join('\n');
}

process.exitCode = await runCommand(process.argv.slice(2), {
  usage,
  readOptions: readFlags({ texts: ['data'] }),
  answer,
});
