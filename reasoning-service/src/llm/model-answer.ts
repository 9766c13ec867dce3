import { z } from 'zod';

const evidence = z
  .array(z.string().max(20))
  .max(10)
  .meta({ description: 'Numbers of the evidence that shows it, such as E1' });

/** What a model is asked to return; whatever else it says is not read. */
export const ModelAnswer = z.object({
  claims: z
    .array(z.object({ statement: z.string().max(1_000), evidence }))
    .max(12)
    .meta({ description: 'One or two sentences each: first what is wrong, then how the evidence shows it' }),
  ranking: z
    .array(z.string().max(60))
    .max(20)
    .meta({ description: 'The open hypotheses, the most likely first; empty when none were given' }),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** Bounds are checked when the answer is read: providers refuse a schema that holds some of them. */
const bounds = new Set(['$schema', 'maxLength', 'maxItems', 'minItems']);

/** The schema as providers take it. */
export const modelAnswerSchema = JSON.parse(
  JSON.stringify(z.toJSONSchema(ModelAnswer), (key, value) => (bounds.has(key) ? undefined : value)),
) as Record<string, unknown>;

/** An answer out of a model's text: the JSON itself, or the one block that a model without structured output puts it in. */
export function readModelAnswer(text: string): ModelAnswer | undefined {
  const fenced = /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1] ?? text;
  try {
    return ModelAnswer.safeParse(JSON.parse(fenced)).data;
  } catch {
    return undefined;
  }
}
