import type { Logger } from '@aetherius/shared/log';
import { type Clock, newId } from '@aetherius/shared/service';
import { createBreaker } from './breaker.ts';
import { costOf, crossed, judge, type Scope, type Spend } from './budget.ts';
import type { Budget } from './budget-file.ts';
import { asFailure, isPaid, llmFailures } from './failures.ts';
import type { Completion, Llm, Prompt } from './llm.ts';
import type { LlmMetrics } from './llm-metrics.ts';
import { readModelAnswer } from './model-answer.ts';
import { fingerprintOf, tokensOf } from './prompt.ts';
import { completePatiently, PAUSES } from './try-again.ts';
import type { Account, Amount, CachedAnswer, UsageStore } from './usage-store.ts';

type Needs = {
  llm: Llm;
  store: UsageStore;
  budget: Budget;
  metrics: LlmMetrics;
  clock: Clock;
  log: Logger;
};

/** Stands before the model: answers from the cache, keeps to the budget, bounds what a call may take. */
export type Governor = { ask(prompt: Prompt, account: Account): Promise<CachedAnswer> };

export function createGovernor(needs: Needs): Governor {
  const { llm, store, metrics } = needs;
  const breaker = createBreaker(needs.clock);
  // Many incidents of one cause ask the same at the same time: one call answers all of them.
  const underway = new Map<string, Promise<CachedAnswer>>();

  const fresh = async (fingerprint: string, prompt: Prompt, account: Account): Promise<CachedAnswer> => {
    const cached = await store.cached(fingerprint);
    if (cached !== undefined) {
      metrics.calls.inc({ outcome: 'cached' });
      metrics.lookups.inc({ result: 'hit' });
      return cached;
    }
    metrics.lookups.inc({ result: 'miss' });
    const rest = breaker.rest();
    if (rest > 0) throw llmFailures.resting({ seconds: Math.ceil(rest / 1_000) });
    const call = await reserve(needs, prompt, account);
    try {
      const answer = await callModel(needs, prompt, call);
      breaker.worked();
      await store.keep(fingerprint, answer, needs.clock.now());
      return answer;
    } catch (error) {
      breaker.failed();
      throw error;
    }
  };

  return {
    ask: (prompt, account) => {
      const fingerprint = fingerprintOf(llm.model, prompt);
      const same = underway.get(fingerprint);
      if (same !== undefined) metrics.lookups.inc({ result: 'shared' });
      const running = same ?? fresh(fingerprint, prompt, account);
      underway.set(fingerprint, running);
      return running.finally(() => underway.delete(fingerprint));
    },
  };
}

type Reserved = { id: string; most: Amount; account: Account; spent: Record<Scope, Spend> };

async function reserve({ llm, store, budget, clock }: Needs, prompt: Prompt, account: Account): Promise<Reserved> {
  const tokens = { input: tokensOf(prompt.system + prompt.user), output: prompt.max_output_tokens };
  const cost = costOf(budget.prices[llm.model], tokens);
  const most: Amount = { input_tokens: tokens.input, output_tokens: tokens.output, cost };
  const ask = { tokens: tokens.input + tokens.output, cost: cost ?? 0 };
  const id = newId();
  const verdict = await store.reserve({ id, at: clock.now(), model: llm.model, account, amount: most }, (spent) =>
    judge({ spent, ask, limits: budget.limits }),
  );
  if (verdict.may === 'not') {
    const { scope, measure, limit, spent } = verdict;
    throw llmFailures.over_budget({ limit: `${spent} of ${limit} ${measure} per ${scope}` });
  }
  return { id, most, account, spent: verdict.spent };
}

function warn({ budget, metrics, log }: Needs, { account, spent }: Reserved, taken: Amount): void {
  const tokens = taken.input_tokens + taken.output_tokens;
  for (const scope of crossed(spent, { tokens, cost: taken.cost ?? 0 }, budget.limits)) {
    metrics.warned.inc({ scope });
    log.warn({ scope, ...account }, 'more than 80 % of a limit of the language model is used');
  }
}

/** Calls, reads and settles: whatever happens, the reserved tokens become what was taken. */
async function callModel(needs: Needs, prompt: Prompt, call: Reserved): Promise<CachedAnswer> {
  const { llm, store, budget, metrics, clock } = needs;
  const started = clock.monotonic();
  const { id, most } = call;
  let taken = most;
  try {
    const timeoutMs = budget.call.timeout_seconds * 1_000;
    const completion = await completePatiently(llm, prompt, { timeoutMs, pauses: PAUSES });
    taken = amountOf(needs, completion);
    const answer = readModelAnswer(completion.text);
    if (answer === undefined) throw llmFailures.malformed({});
    metrics.calls.inc({ outcome: 'answered' });
    await store.settle(id, { outcome: 'answered', failure: null, amount: taken });
    return { model: completion.model, answer };
  } catch (error) {
    const failure = asFailure(error);
    metrics.calls.inc({ outcome: failure.code });
    if (!isPaid(failure)) taken = { input_tokens: 0, output_tokens: 0, cost: most.cost === null ? null : 0 };
    await store.settle(id, { outcome: 'failed', failure: failure.code, amount: taken });
    throw failure;
  } finally {
    warn(needs, call, taken);
    metrics.seconds.observe((clock.monotonic() - started) / 1_000);
  }
}

function amountOf({ llm, budget, metrics }: Needs, { input_tokens, output_tokens }: Completion): Amount {
  const cost = costOf(budget.prices[llm.model], { input: input_tokens, output: output_tokens });
  metrics.tokens.inc({ direction: 'input' }, input_tokens);
  metrics.tokens.inc({ direction: 'output' }, output_tokens);
  if (cost !== null) metrics.cost.inc(cost);
  return { input_tokens, output_tokens, cost };
}
