import type { Diagnosis } from '@aetherius/shared/contracts';
import { runCommand } from '@aetherius/shared/service';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { readFlags, type Values } from './bench-flags.ts';
import { citesProof } from './cited-evidence.ts';
import { isRightCategory, isRightSubject, type Judged, reliability, scores } from './diagnosis-score.ts';
import type { Half } from './incident-halves.ts';
import { readHalf } from './incident-library.ts';

const usage = `usage: npm run bench:diagnosis -- [--name-test]

How right the diagnosis is on the recorded incidents, those to tune by and those to judge by apart. What is answered wrongly is named
of the half to tune by alone; of the other one it is counted by category.

  --name-test  names what is answered wrongly of the test half, too. This spends it: whoever has read the names mends for them, and
               its figures are no judgement any more until it is drawn anew.
  --help       this text
`;

const readOptions = readFlags({ switches: ['name-test'] });

const judged = (half: Half): Judged[] =>
  readHalf(half).map((incident) => ({ incident, diagnosis: diagnose(incident.bundle) }));

const columns = [
  ['cases', 5],
  ['category@1', 10],
  ['subject@1', 9],
  ['evidence cited', 14],
  ['cause', 12],
  ['abstained', 9],
  ['false alarms', 12],
  ['calibration error', 17],
] as const;
const row = (half: string, cells: readonly string[]): string =>
  [half.padEnd(4), ...cells.map((cell, at) => cell.padStart(columns[at]?.[1] ?? 0))].join('  ');

function scoreLine(half: Half, cases: readonly Judged[]): string {
  const of = scores(cases);
  return row(half, [
    String(cases.length),
    of.category_at_1.toFixed(3),
    of.subject_at_1.toFixed(3),
    `${of.evidence_cited.toFixed(3)} of ${of.evidence_cases}`,
    `${of.cause_at_1.toFixed(3)} of ${of.cause_cases}`,
    String(of.abstained),
    String(of.false_alarms),
    of.calibration_error.toFixed(3),
  ]);
}

/** How many of a category are right, without a name of any. */
const categoryLines = (half: readonly Judged[]): string[] =>
  [...Map.groupBy(half, ({ incident }) => incident.expected.category)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, own]) => `${category.padEnd(36)}  ${own.filter(isRight).length} of ${own.length}`);

const reliabilityLines = (half: readonly Judged[]): string[] =>
  reliability(half).map(
    ({ from, to, count, confidence, accuracy }) =>
      `${from.toFixed(1)} - ${to.toFixed(1)}  ${String(count).padStart(7)}  ${confidence.toFixed(3).padStart(15)}  ${accuracy.toFixed(3)}`,
  );

const isRight = (one: Judged): boolean => isRightCategory(one) && isRightSubject(one);

const named = ({ category, subject }: Pick<Diagnosis, 'category' | 'subject'>): string =>
  `${category} of ${subject.kind} ${subject.name}`;

const wrongLines = (half: readonly Judged[]): string[] => [
  ...half
    .filter((one) => !isRight(one))
    .map(({ diagnosis, incident: { name, expected } }) => `${name}: ${named(diagnosis)}, not ${named(expected)}`),
  ...half
    .filter(({ incident, diagnosis }) => incident.expected.evidence.length > 0 && !citesProof(incident, diagnosis))
    .map(({ incident: { name, expected } }) => `${name}: cites nothing that proves ${named(expected)}`),
];

/** How right the diagnosis is on the recorded incidents: what is tuned on one half is judged on the other. */
function answer(options: Values<never, 'name-test'>): string {
  const [tune, test] = [judged('tune'), judged('test')];
  const figures = {
    tune: tune.length,
    test: test.length,
    ...scores(test),
    tune_category_at_1: scores(tune).category_at_1,
    tune_evidence_cited: scores(tune).evidence_cited,
  };
  return [
    row(
      'half',
      columns.map(([title]) => title),
    ),
    scoreLine('tune', tune),
    scoreLine('test', test),
    '\nreliability of the test half\nconfidence  answers  mean confidence  right',
    ...reliabilityLines(test),
    '\nright answers of the test half',
    ...categoryLines(test),
    '\nwrong answers of the tune half',
    ...wrongLines(tune),
    ...(options['name-test'] ? ['\nwrong answers of the test half, which is spent by this', ...wrongLines(test)] : []),
    `${JSON.stringify(figures)}\n`,
  ].join('\n');
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer });
