import { readFile } from 'node:fs/promises';
import { ClusterId } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { problemOf } from '@aetherius/shared/service';
import { parse } from 'yaml';
import { z } from 'zod';

const Limit = z.strictObject({
  tokens: z.int().nonnegative().nullable().default(null),
  cost: z.number().nonnegative().nullable().default(null),
});
const Price = z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() });

/** What the language model may take: per call, per incident, per tenant and day, and per day in all. */
export const Budget = z.strictObject({
  currency: z.string().min(1).default('USD'),
  call: z.strictObject({
    input_tokens: z.int().min(1_000).max(1_000_000),
    output_tokens: z.int().min(100).max(100_000),
    // A question is given to somebody else after 30 s.
    timeout_seconds: z.number().min(1).max(25),
  }),
  limits: z.strictObject({ incident: Limit, tenant: Limit, day: Limit }),
  tenants: z.record(z.string().min(1), z.array(ClusterId)).default({}),
  prices: z.record(z.string(), Price).default({}).meta({ description: 'Money per million tokens by model' }),
});
export type Budget = z.infer<typeof Budget>;

/** Clusters that no tenant lists share this one. */
const REST = 'default';

/** The tenant that pays for a cluster. */
export const tenantOf = ({ tenants }: Budget, cluster: string): string =>
  Object.entries(tenants).find(([, clusters]) => clusters.includes(cluster))?.[0] ?? REST;

const WAY_OUT =
  'set LLM_BUDGET_FILE to a file like reasoning-service/llm-budget.yaml, or leave it out to have that one';

/** Reads and checks a budget; a limit in money needs the price of the model that is in use. */
export async function readBudget(file: URL, model: string | undefined): Promise<Budget> {
  const wrong = (problem: string, cause?: unknown) =>
    errors.invalid_input({ LLM_BUDGET_FILE: file.pathname, problem, way_out: WAY_OUT }, { cause });
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw wrong('it cannot be read', cause);
  });
  const parsed = Budget.safeParse(parseYaml(text, wrong));
  if (!parsed.success)
    throw wrong(parsed.error.issues.map((issue) => problemOf(issue, 'the file')).join('; '), parsed.error);
  const { limits, prices } = parsed.data;
  const inMoney = Object.values(limits).some(({ cost }) => cost !== null);
  if (model !== undefined && inMoney && prices[model] === undefined)
    throw wrong(`limits in money need prices.${model}`);
  return parsed.data;
}

function parseYaml(text: string, wrong: (problem: string, cause?: unknown) => Error): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const [words] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw wrong(`it is no YAML: ${words}`, cause);
  }
}
