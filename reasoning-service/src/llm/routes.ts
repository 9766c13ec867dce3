import { type Route, route } from '@aetherius/shared/http';
import type { Clock } from '@aetherius/shared/service';
import { z } from 'zod';
import { type Limit, type scopes, shareOf, stateOf } from './budget.ts';
import type { Budget } from './budget-file.ts';
import type { LlmState } from './llm.ts';
import type { Usage, UsageView } from './usage-view.ts';

const Used = z.object({
  calls: z.int(),
  failed: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: z.number().nullable().meta({ description: 'Null where no price is configured' }),
});
const Judged = Used.extend({
  used: z.number().meta({ description: 'Share of the limit that is used most; 0 without a limit' }),
  budget: z.enum(['ok', 'warning', 'exhausted']),
});
const LimitShape = z.object({ tokens: z.int().nullable(), cost: z.number().nullable() });

const UsageAnswer = z.object({
  state: z.enum(['on', 'off']),
  reason: z.string().nullable().meta({ description: 'Why it is off' }),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  day: z.iso.date().meta({ description: 'The day in UTC that is counted' }),
  currency: z.string().nullable(),
  limits: z.object({ incident: LimitShape, tenant: LimitShape, day: LimitShape }).nullable(),
  today: Judged,
  tenants: z.array(Judged.extend({ tenant: z.string() })),
  incidents: z.array(Judged.extend({ incident_id: z.string() })),
  failures: z.array(z.object({ failure: z.string(), calls: z.int() })),
  cache: z.object({ answers: z.int(), hits: z.int() }),
});

type Needs = { llm: LlmState; budget: Budget | undefined; usage: UsageView; clock: Clock };
const NO_LIMIT: Limit = { tokens: null, cost: null };

/** What the language model takes, and what of it is left. */
export const llmRoutes = ({ llm, budget, usage, clock }: Needs): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/llm/usage',
    summary: 'Tokens and cost of the language model by day, tenant and incident, against their limits',
    role: 'viewer',
    request: { query: z.object({ incident_id: z.string().max(200).optional() }) },
    response: UsageAnswer,
    handler: async ({ query: { incident_id: only } }) => {
      const now = clock.now();
      const [today, tenants, incidents, failures, cache] = await Promise.all([
        usage.today(now),
        usage.tenants(now),
        usage.incidents(now, only),
        usage.failures(now),
        usage.cache(),
      ]);
      const judged = <T extends Usage>(used: T, scope: (typeof scopes)[number]) =>
        withShare(used, budget?.limits[scope]);
      return {
        ...who(llm),
        day: now.toISOString().slice(0, 10),
        currency: budget?.currency ?? null,
        limits: budget?.limits ?? null,
        today: judged(today, 'day'),
        tenants: tenants.map((tenant) => judged(tenant, 'tenant')),
        incidents: incidents.map((incident) => judged(incident, 'incident')),
        failures,
        cache,
      };
    },
  }),
];

const who = (llm: LlmState) =>
  llm.state === 'off'
    ? { state: llm.state, reason: llm.reason, provider: null, model: null }
    : { state: llm.state, reason: null, provider: llm.llm.provider, model: llm.llm.model };

function withShare<T extends Usage>(used: T, limit: Limit = NO_LIMIT) {
  const share = shareOf({ tokens: used.input_tokens + used.output_tokens, cost: used.cost ?? 0 }, limit);
  // A limit of nothing has no share; JSON has no infinity.
  return { ...used, used: Math.min(1, Math.round(share * 1_000) / 1_000), budget: stateOf(share) };
}
