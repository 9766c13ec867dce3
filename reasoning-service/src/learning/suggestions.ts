import { z } from 'zod';
import type { Judgement, RemedyEnds, Taken } from './measured.ts';

/** What past ends say should be looked at; an empty list says why it is empty. */
export const Suggestions = z.object({
  suggestions: z.array(
    z.object({
      type: z.enum(['low_accuracy', 'confusion', 'failing_remedy', 'overconfident', 'seldom_taken']),
      root_cause: z.string(),
      suggestion: z.string(),
      measured: z.record(z.string(), z.union([z.number(), z.string()])),
    }),
  ),
  judged: z.int(),
  reason: z.string().nullable().meta({ description: 'Why there are none' }),
});
export type Suggestions = z.infer<typeof Suggestions>;
type Suggestion = Suggestions['suggestions'][number];

/** Bounds of the public system, kept so that both say the same of the same verdicts. */
const FEWEST = 5;
const LOW = 0.7;
const CONFUSED = 3;
/** Stated confidence may be this much above what came true. */
const OVERCONFIDENT = 0.15;
/** Of offers that are taken less often than this somebody should ask why. */
const SELDOM = 0.3;

export function suggestionsFrom(
  judgements: readonly Judgement[],
  remedies: readonly RemedyEnds[],
  offers: readonly Taken[] = [],
): Suggestions {
  const causes = [...new Set(judgements.map(({ category }) => category))].toSorted();
  const suggestions = [
    ...causes.flatMap((cause) =>
      aboutCause(
        cause,
        judgements.filter(({ category }) => category === cause),
      ),
    ),
    ...remedies.flatMap(aboutRemedy),
    ...offers.flatMap(aboutOffers),
  ];
  const reason =
    suggestions.length > 0
      ? null
      : judgements.length + remedies.length + offers.length === 0
        ? 'nothing was judged yet'
        : `what was judged gives no reason; a cause or remedy is looked at from ${FEWEST} verdicts on`;
  return { suggestions, judged: judgements.length, reason };
}

function aboutCause(root_cause: string, judgements: readonly Judgement[]): Suggestion[] {
  return [
    ...accuracy(root_cause, judgements),
    ...confusions(root_cause, judgements),
    ...overconfidence(root_cause, judgements),
  ];
}

const shareRight = (judgements: readonly Judgement[]): number =>
  judgements.filter(({ is_right }) => is_right).length / judgements.length;
const round = (value: number): number => Math.round(value * 100) / 100;

function accuracy(root_cause: string, judgements: readonly Judgement[]): Suggestion[] {
  if (judgements.length < FEWEST || shareRight(judgements) >= LOW) return [];
  const measured = { judged: judgements.length, accuracy: round(shareRight(judgements)) };
  return [
    {
      type: 'low_accuracy',
      root_cause,
      suggestion: `see what the answers ${root_cause} rest on, and record the wrong ones as incidents`,
      measured,
    },
  ];
}

function confusions(root_cause: string, judgements: readonly Judgement[]): Suggestion[] {
  const wrong = judgements.flatMap(({ is_right, actual_category: actual }) =>
    is_right || actual === null ? [] : [actual],
  );
  return [...new Set(wrong)].toSorted().flatMap((actual) => {
    const times = wrong.filter((one) => one === actual).length;
    if (times < CONFUSED) return [];
    return [
      {
        type: 'confusion' as const,
        root_cause,
        suggestion: `look for evidence that tells ${actual} from ${root_cause}`,
        measured: { times, actual },
      },
    ];
  });
}

function overconfidence(root_cause: string, judgements: readonly Judgement[]): Suggestion[] {
  const stated = judgements.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  if (stated.length < FEWEST) return [];
  const mean = stated.reduce((sum, one) => sum + one, 0) / stated.length;
  const true_ = shareRight(judgements.filter(({ confidence }) => confidence !== null));
  if (mean - true_ <= OVERCONFIDENT) return [];
  const measured = { judged: stated.length, stated: round(mean), came_true: round(true_) };
  return [
    { type: 'overconfident', root_cause, suggestion: `calibrate anew with the verdicts on ${root_cause}`, measured },
  ];
}

function aboutRemedy({ category, remedy, tried, worked }: RemedyEnds): Suggestion[] {
  if (tried < FEWEST || worked / tried >= LOW) return [];
  const measured = { tried, worked };
  return [
    {
      type: 'failing_remedy',
      root_cause: category,
      suggestion: `${remedy} seldom helps against ${category}; prefer another remedy or narrow when it is offered`,
      measured,
    },
  ];
}

function aboutOffers({ category, offers, taken }: Taken): Suggestion[] {
  if (offers < FEWEST || taken / offers >= SELDOM) return [];
  return [
    {
      type: 'seldom_taken',
      root_cause: category,
      suggestion: `ask why what is offered against ${category} is left; a policy may forbid it, or people do something better`,
      measured: { offers, taken },
    },
  ];
}
