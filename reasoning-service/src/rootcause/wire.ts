import { z } from 'zod';
import type { Answer } from './analyze.ts';

const Evidence = z.object({
  kind: z
    .enum(['resource', 'trend', 'network', 'starved_callee', 'missing', 'log', 'symptom', 'excess'])
    .meta({ description: 'What kind of observation speaks for the entity' }),
  metric: z.string().meta({ description: 'The metric, the call or the log template that deviates' }),
  deviation: z.number().meta({
    description:
      'Distance from the baseline in robust scales of the baseline; for what is missing, samples that did not come, seven at most',
  }),
  before: z.number().nullable().meta({ description: 'Median before the onset, in the unit of the metric' }),
  after: z.number().nullable().meta({ description: 'Median after the onset, in the unit of the metric' }),
});

/** The answer as it is printed and sent. */
export const RootCauses = z.object({
  status: z.enum(['answered', 'empty']),
  reason: z.string().nullable().meta({ description: 'Why the answer is empty' }),
  onset: z.iso.datetime().nullable(),
  onset_found: z.boolean().meta({ description: 'Whether the onset was found in the series rather than given' }),
  target: z.object({ entity: z.string(), metric: z.string() }).nullable(),
  by: z.enum(['budgets', 'walk', 'causes', 'symptoms', 'nothing']).meta({
    description:
      'What the ranking rests on: lost time or requests, the walk over callees, causes of a service of its own, symptoms alone',
  }),
  confidence: z.number().min(0).max(1),
  strength: z.enum(['strong', 'fair', 'weak', 'none']),
  coverage: z.number().nullable().meta({ description: "Share of the target's loss that the answer explains" }),
  ranked: z.array(
    z.object({
      rank: z.int().positive(),
      entity: z.string(),
      score: z.number(),
      metric: z.string(),
      evidence: z.array(Evidence),
    }),
  ),
  notes: z.array(z.string()),
});
export type RootCauses = z.infer<typeof RootCauses>;

const DIGITS = 6;
/** JSON knows no infinity; a deviation beyond every scale is the largest number that is printed. */
const MOST = 1e9;
const rounded = (value: number): number => Number(Math.max(-MOST, Math.min(MOST, value)).toPrecision(DIGITS));
const roundedOrNull = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));

/** An answer with times as ISO 8601 and numbers of six digits. */
export function toWire(answer: Answer, target: RootCauses['target']): RootCauses {
  const { onset, ranked, coverage, ...rest } = answer;
  return {
    ...rest,
    onset: onset === null ? null : new Date(onset).toISOString(),
    target,
    coverage: roundedOrNull(coverage),
    ranked: ranked.map(({ entity, score, metric, evidence }, at) => ({
      rank: at + 1,
      entity,
      score: rounded(score),
      metric,
      evidence: evidence.map(({ kind, metric, deviation, before, after }) => ({
        kind,
        metric,
        deviation: rounded(deviation),
        before: roundedOrNull(before),
        after: roundedOrNull(after),
      })),
    })),
  };
}
