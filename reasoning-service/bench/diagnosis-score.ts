import type { Diagnosis } from '@aetherius/shared/contracts';
import { isSame } from '../src/diagnosis/graph/object-key.ts';
import { citesProof } from './cited-evidence.ts';
import type { Incident } from './incident-library.ts';

/** One incident with the answer that it got. */
export type Judged = { incident: Incident; diagnosis: Diagnosis };

export const isRightCategory = ({ incident, diagnosis }: Judged): boolean =>
  diagnosis.category === incident.expected.category;

export const isRightSubject = ({ incident, diagnosis }: Judged): boolean =>
  isSame(diagnosis.subject, incident.expected.subject);

const isRightCause = ({ incident: { expected }, diagnosis }: Judged): boolean =>
  expected.cause !== undefined && isSame(diagnosis.root_cause.subject, expected.cause);

const isAnswered = ({ diagnosis }: Judged): boolean => diagnosis.status === 'answered';

/** A fault claimed where nothing is wrong. */
const isFalseAlarm = ({ incident, diagnosis }: Judged): boolean =>
  incident.expected.category === 'no_incident' && !['no_incident', 'unknown'].includes(diagnosis.category);

export type Bin = { from: number; to: number; count: number; confidence: number; accuracy: number };

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Answers by confidence in bins of a tenth, with the mean confidence and the share that is right. */
export function reliability(judged: readonly Judged[]): Bin[] {
  const answered = judged.filter(isAnswered);
  return Array.from({ length: 10 }, (_, index) => {
    const [from, to] = [index / 10, (index + 1) / 10];
    const inBin = answered.filter(
      ({ diagnosis: { confidence } }) => confidence >= from && (confidence < to || (index === 9 && confidence <= to)),
    );
    return {
      from,
      to,
      count: inBin.length,
      confidence: mean(inBin.map(({ diagnosis }) => diagnosis.confidence)),
      accuracy: mean(inBin.map((one) => Number(isRightCategory(one)))),
    };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error (Naeini et al. 2015): the distance of confidence from accuracy, weighted by bin size. */
function calibrationError(bins: readonly Bin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, confidence, accuracy }) => sum + (count / total) * Math.abs(confidence - accuracy),
    0,
  );
}

const share = (judged: readonly Judged[], holds: (one: Judged) => boolean): number =>
  Math.round(1000 * mean(judged.map((one) => Number(holds(one))))) / 1000;

/** The figures of a half; an abstention is right where the evidence does not say more, and cites nothing where it says what is wrong. */
export function scores(judged: readonly Judged[]) {
  const provable = judged.filter(({ incident }) => incident.expected.evidence.length > 0);
  const elsewhere = judged.filter(({ incident }) => incident.expected.cause !== undefined);
  return {
    category_at_1: share(judged, isRightCategory),
    subject_at_1: share(judged, isRightSubject),
    evidence_cited: share(provable, ({ incident, diagnosis }) => citesProof(incident, diagnosis)),
    evidence_cases: provable.length,
    cause_at_1: share(elsewhere, isRightCause),
    cause_cases: elsewhere.length,
    abstained: judged.filter((one) => !isAnswered(one)).length,
    false_alarms: judged.filter(isFalseAlarm).length,
    calibration_error: Math.round(1000 * calibrationError(reliability(judged))) / 1000,
  };
}
