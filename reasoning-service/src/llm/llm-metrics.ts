import { Counter, Gauge, Histogram, type Registry } from '@aetherius/shared/metrics';

/** What an operator watches of the language model. */
export const createLlmMetrics = (metrics: Registry) => ({
  calls: new Counter({
    name: 'aetherius_reasoning_llm_calls_total',
    help: 'Calls of the language model by outcome: answered, cached or the reason of the failure',
    labelNames: ['outcome'],
    registers: [metrics],
  }),
  lookups: new Counter({
    name: 'aetherius_reasoning_llm_cache_lookups_total',
    help: 'Questions to the language model: answered from the cache, by a call that was under way already, or by neither',
    labelNames: ['result'],
    registers: [metrics],
  }),
  tokens: new Counter({
    name: 'aetherius_reasoning_llm_tokens_total',
    help: 'Tokens sent and received',
    labelNames: ['direction'],
    registers: [metrics],
  }),
  cost: new Counter({
    name: 'aetherius_reasoning_llm_cost_total',
    help: 'Money in the currency of the budget, where the price is known',
    registers: [metrics],
  }),
  degraded: new Counter({
    name: 'aetherius_reasoning_llm_degraded_total',
    help: 'Answers that went out without words of the language model, by reason',
    labelNames: ['reason'],
    registers: [metrics],
  }),
  dropped: new Counter({
    name: 'aetherius_reasoning_llm_dropped_claims_total',
    help: 'Statements of the language model that code has thrown away, by reason',
    labelNames: ['reason'],
    registers: [metrics],
  }),
  warned: new Counter({
    name: 'aetherius_reasoning_llm_budget_warnings_total',
    help: 'Times that 80 % of a limit was passed',
    labelNames: ['scope'],
    registers: [metrics],
  }),
  seconds: new Histogram({
    name: 'aetherius_reasoning_llm_call_seconds',
    help: 'How long a call took, with its attempts',
    buckets: [0.5, 1, 2, 5, 10, 20, 30],
    registers: [metrics],
  }),
  on: new Gauge({
    name: 'aetherius_reasoning_llm_on',
    help: '1 when a language model is configured',
    registers: [metrics],
  }),
});
export type LlmMetrics = ReturnType<typeof createLlmMetrics>;
