import { runCommand } from '@aetherius/shared/service';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { readFlags } from './bench-flags.ts';
import { isRightCategory, isRightSubject, type Judged, reliability, scores } from './diagnosis-score.ts';
import { halfOf, readIncidents } from './incident-library.ts';

const usage = `usage: npm run bench:diagnosis

How right the diagnosis is on the recorded incidents, those to tune by and those to judge by apart. It has no flags beside --help.
`;

type Halves = Readonly<Record<'tune' | 'test', readonly Judged[]>>;

function judgedHalves(): Halves {
  const all = readIncidents().map((incident) => ({ incident, diagnosis: diagnose(incident.bundle) }));
  const judged = (half: keyof Halves) => all.filter(({ incident }) => halfOf(incident.name) === half);
  return { tune: judged('tune'), test: judged('test') };
}

function scoreLine(name: string, half: readonly Judged[]): string {
  const { category_at_1, subject_at_1, evidence_cited, abstained, false_alarms, calibration_error } = scores(half);
  return `${name}  ${String(half.length).padStart(5)}  ${category_at_1.toFixed(3).padStart(10)}  ${subject_at_1.toFixed(3).padStart(9)}  ${evidence_cited.toFixed(3).padStart(8)}  ${String(abstained).padStart(9)}  ${String(false_alarms).padStart(12)}  ${calibration_error.toFixed(3).padStart(17)}`;
}

const reliabilityLines = (half: readonly Judged[]): string[] =>
  reliability(half).map(
    ({ from, to, count, confidence, accuracy }) =>
      `${from.toFixed(1)} - ${to.toFixed(1)}  ${String(count).padStart(7)}  ${confidence.toFixed(3).padStart(15)}  ${accuracy.toFixed(3)}`,
  );

const wrongLines = (all: readonly Judged[]): string[] =>
  all
    .filter((each) => !isRightCategory(each) || !isRightSubject(each))
    .map(
      ({ diagnosis, incident: { name, expected } }) =>
        `${halfOf(name)} ${name}: ${diagnosis.category} of ${diagnosis.subject.kind} ${diagnosis.subject.name}, not ${expected.category} of ${expected.subject.kind} ${expected.subject.name}`,
    );

/** How right the diagnosis is on the recorded incidents: what is tuned on one half is judged on the other. */
function answer(): string {
  const { tune, test } = judgedHalves();
  const figures = {
    tune: tune.length,
    test: test.length,
    ...scores(test),
    tune_category_at_1: scores(tune).category_at_1,
  };
  return [
    'half  cases  category@1  subject@1  evidence  abstained  false alarms  calibration error',
    scoreLine('tune', tune),
    scoreLine('test', test),
    '\nreliability of the test half\nconfidence  answers  mean confidence  right',
    ...reliabilityLines(test),
    '\nwrong answers',
    ...wrongLines([...tune, ...test]),
    `${JSON.stringify(figures)}\n`,
  ].join('\n');
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions: readFlags({}), answer });
