/** What was used: tokens of both directions, and money where prices are known. */
export type Spend = { tokens: number; cost: number };
/** At most this much; null does not limit. */
export type Limit = { tokens: number | null; cost: number | null };
export const scopes = ['incident', 'tenant', 'day'] as const;
export type Scope = (typeof scopes)[number];
export type Price = { input: number; output: number };

const MILLION = 1_000_000;
const measures = ['tokens', 'cost'] as const;
/** From this share of a limit on, somebody should know. */
const WARN_FROM = 0.8;

/** Money for tokens at prices per million, or null where no price is known: then nobody guesses. */
export const costOf = (price: Price | undefined, tokens: { input: number; output: number }): number | null =>
  price === undefined ? null : (price.input * tokens.input + price.output * tokens.output) / MILLION;

/** The largest used share of a limit; 0 where nothing limits. */
export const shareOf = (spent: Spend, limit: Limit): number =>
  Math.max(0, ...measures.map((measure) => share(spent[measure], limit[measure])));

/** A limit of nothing is used up from the start. */
const share = (spent: number, limit: number | null): number =>
  limit === null ? 0 : limit === 0 ? Number.POSITIVE_INFINITY : spent / limit;

export const stateOf = (used: number): 'ok' | 'warning' | 'exhausted' =>
  used >= 1 ? 'exhausted' : used >= WARN_FROM ? 'warning' : 'ok';

export type Verdict =
  | { may: 'call'; spent: Record<Scope, Spend> }
  | { may: 'not'; scope: Scope; measure: (typeof measures)[number]; limit: number; spent: number };

type Limits = Record<Scope, Limit>;
type Case = { spent: Record<Scope, Spend>; ask: Spend; limits: Limits };

/** Whether a call of at most `ask` still fits everywhere. */
export function judge({ spent, ask, limits }: Case): Verdict {
  for (const scope of scopes)
    for (const measure of measures) {
      const limit = limits[scope][measure];
      if (limit !== null && spent[scope][measure] + ask[measure] > limit)
        return { may: 'not', scope, measure, limit, spent: spent[scope][measure] };
    }
  return { may: 'call', spent };
}

/** Scopes that what was taken has brought over the warning line, so that each is warned of once. */
export const crossed = (spent: Record<Scope, Spend>, taken: Spend, limits: Limits): Scope[] =>
  scopes.filter((scope) => {
    const after = { tokens: spent[scope].tokens + taken.tokens, cost: spent[scope].cost + taken.cost };
    return shareOf(spent[scope], limits[scope]) < WARN_FROM && shareOf(after, limits[scope]) >= WARN_FROM;
  });
