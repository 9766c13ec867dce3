import { z } from 'zod';
import type { Answered, Judgement, Marks, RemedyEnds, Taken } from './measured.ts';

const measured = z.number().min(0).max(1).nullable();
const why = z.string().nullable().meta({ description: 'Why the number is null' });

/** How right the answers were. A share that nothing was measured for is null, with the reason. */
export const Accuracy = z.object({
  overall: z.object({ answered: z.int(), judged: z.int(), correct: z.int(), accuracy: measured, reason: why }),
  by_root_cause: z.record(
    z.string(),
    z.object({ answered: z.int(), judged: z.int(), correct: z.int(), accuracy: measured, reason: why }),
  ),
  reliability: z.array(
    z.object({ from: z.number(), to: z.number(), judged: z.int(), confidence: measured, accuracy: measured }),
  ),
  recommendations: z.array(
    z.object({ root_cause: z.string(), remedy: z.string(), tried: z.int(), worked: z.int(), success_rate: measured }),
  ),
  recommendation_adoption: z.object({ offers: z.int(), taken: z.int(), value: measured, reason: why }).meta({
    description:
      'Incidents with an offer of which it is known what was done, and those in which that was what was offered',
  }),
  prediction: z.object({ value: measured, reason: why }),
  ratings: z.array(
    z.object({ feedback_type: z.string(), count: z.int(), mean: z.number(), good: z.int(), bad: z.int() }),
  ),
});
export type Accuracy = z.infer<typeof Accuracy>;

const BINS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
const round = (value: number): number => Math.round(value * 1000) / 1000;

type Seen = {
  judgements: readonly Judgement[];
  answers: readonly Answered[];
  remedies: readonly RemedyEnds[];
  ratings?: readonly Marks[];
  offers?: readonly Taken[];
};

/** Puts the verdicts together; what was never judged is not called right or wrong. */
export function accuracyOf({ judgements, answers, remedies, ratings = [], offers = [] }: Seen): Accuracy {
  const causes = [...new Set([...answers, ...judgements].map(({ category }) => category))].toSorted();
  return {
    overall: tally(judgements, answers),
    by_root_cause: Object.fromEntries(
      causes.map((cause) => [
        cause,
        tally(
          judgements.filter(({ category }) => category === cause),
          answers.filter(({ category }) => category === cause),
        ),
      ]),
    ),
    reliability: BINS.slice(0, -1).flatMap((from, index) => bin(judgements, from, BINS[index + 1] ?? 1)),
    recommendations: remedies.map(({ category, remedy, tried, worked }) => ({
      root_cause: category,
      remedy,
      tried,
      worked,
      success_rate: round(worked / tried),
    })),
    recommendation_adoption: adoptionOf(offers),
    prediction: predictionOf(ratings),
    ratings: ratings.map((marks) => ({ ...marks, mean: round(marks.mean) })),
  };
}

function adoptionOf(all: readonly Taken[]): Accuracy['recommendation_adoption'] {
  const offers = all.reduce((sum, one) => sum + one.offers, 0);
  const taken = all.reduce((sum, one) => sum + one.taken, 0);
  return offers === 0
    ? { offers, taken, value: null, reason: 'of no offer is it known yet whether it was taken' }
    : { offers, taken, value: round(taken / offers), reason: null };
}

/** The share of forecasts that people called good, of those that they called good or bad. */
function predictionOf(ratings: readonly Marks[]): Accuracy['prediction'] {
  const { good, bad } = ratings.find((one) => one.feedback_type === 'prediction_accuracy') ?? { good: 0, bad: 0 };
  return good + bad === 0
    ? { value: null, reason: 'nobody has rated a forecast yet' }
    : { value: round(good / (good + bad)), reason: null };
}

function tally(judgements: readonly Judgement[], answers: readonly Answered[]) {
  const answered = answers.reduce((sum, one) => sum + one.answered, 0);
  const judged = judgements.length;
  const correct = judgements.filter(({ is_right }) => is_right).length;
  const reason =
    judged > 0 ? null : answered > 0 ? 'none of the answers has a verdict yet' : 'nothing was answered yet';
  return { answered, judged, correct, accuracy: judged === 0 ? null : round(correct / judged), reason };
}

/** Stated confidence beside what came true; a bin without verdicts is left out. */
function bin(judgements: readonly Judgement[], from: number, to: number): Accuracy['reliability'] {
  const inside = judgements.flatMap(({ confidence, is_right }) =>
    confidence !== null && confidence >= from && (confidence < to || to === 1) ? [{ confidence, is_right }] : [],
  );
  if (inside.length === 0) return [];
  const mean = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length;
  const right = inside.filter(({ is_right }) => is_right).length;
  return [{ from, to, judged: inside.length, confidence: round(mean), accuracy: round(right / inside.length) }];
}
