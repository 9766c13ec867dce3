import { diagnose } from '../src/diagnosis/diagnose.ts';
import { isRightCategory, isRightSubject, type Judged, reliability, scores } from './diagnosis-score.ts';
import { halfOf, readIncidents } from './incident-library.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** How right the diagnosis is on the recorded incidents: what is tuned on one half is judged on the other. */
const all = readIncidents();
const judged = (half: 'tune' | 'test'): Judged[] =>
  all
    .filter(({ name }) => halfOf(name) === half)
    .map((incident) => ({ incident, diagnosis: diagnose(incident.bundle) }));
const [tune, test] = [judged('tune'), judged('test')];

say('half  cases  category@1  subject@1  evidence  abstained  false alarms  calibration error');
for (const [name, half] of [
  ['tune', tune],
  ['test', test],
] as const) {
  const { category_at_1, subject_at_1, evidence_cited, abstained, false_alarms, calibration_error } = scores(half);
  say(
    `${name}  ${String(half.length).padStart(5)}  ${category_at_1.toFixed(3).padStart(10)}  ${subject_at_1.toFixed(3).padStart(9)}  ${evidence_cited.toFixed(3).padStart(8)}  ${String(abstained).padStart(9)}  ${String(false_alarms).padStart(12)}  ${calibration_error.toFixed(3).padStart(17)}`,
  );
}
say('\nreliability of the test half\nconfidence  answers  mean confidence  right');
for (const { from, to, count, confidence, accuracy } of reliability(test))
  say(
    `${from.toFixed(1)} - ${to.toFixed(1)}  ${String(count).padStart(7)}  ${confidence.toFixed(3).padStart(15)}  ${accuracy.toFixed(3)}`,
  );

say('\nwrong answers');
for (const one of [...tune, ...test].filter((each) => !isRightCategory(each) || !isRightSubject(each)))
  say(
    `${halfOf(one.incident.name)} ${one.incident.name}: ${one.diagnosis.category} of ${one.diagnosis.subject.kind} ${one.diagnosis.subject.name}, not ${one.incident.expected.category} of ${one.incident.expected.subject.kind} ${one.incident.expected.subject.name}`,
  );
say(
  JSON.stringify({
    tune: tune.length,
    test: test.length,
    ...scores(test),
    tune_category_at_1: scores(tune).category_at_1,
  }),
);
