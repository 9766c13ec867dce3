import { type Json, parseQuantity } from '@aetherius/shared/contracts';
import { Environment } from '@marcbachmann/cel-js';

/** A Kubernetes quantity as a plain number; throws RangeError on anything else. */
export function quantity(text: string): number {
  const number = parseQuantity(text);
  if (number === undefined) throw new RangeError(`not a quantity: ${text}`);
  return number;
}

/** All that an expression may speak of. */
const variables = ['incident', 'diagnosis', 'steps', 'run', 'strategy', 'item'] as const;
export type Variables = Record<(typeof variables)[number], unknown>;

const environment = variables
  .reduce(
    (env, name) => env.registerVariable(name, 'dyn'),
    new Environment({ homogeneousAggregateLiterals: false, limits: { maxAstNodes: 1000, maxDepth: 50 } }),
  )
  .registerFunction('quantity(string): double', quantity);

/** Why an expression cannot be accepted, or undefined. */
export function expressionProblem(source: string): string | undefined {
  try {
    const checked = environment.parse(source).check();
    return checked.valid ? undefined : firstLine(checked.error?.message ?? 'cannot be checked');
  } catch (error) {
    return firstLine(error instanceof Error ? error.message : String(error));
  }
}

export type Evaluated = { ok: true; value: Json } | { ok: false; problem: string };

/** The value of an expression, or the reason why it has none (a field that is not there, a wrong type). */
export function evaluate(source: string, scope: Variables): Evaluated {
  try {
    return { ok: true, value: toJson(environment.evaluate(source, scope)) };
  } catch (error) {
    return { ok: false, problem: `${source}: ${firstLine(error instanceof Error ? error.message : String(error))}` };
  }
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? text;

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), toJson(one)]));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(one)]));
  throw new TypeError(`an expression cannot answer with a ${typeof value}`);
}
