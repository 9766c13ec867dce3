import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import type { Db } from '@aetherius/shared/postgres';
import type { Clock } from '@aetherius/shared/service';
import { type Budget, readBudget } from './budget-file.ts';
import { createExplainer, type Explainer } from './explain.ts';
import { createGovernor } from './governor.ts';
import { inEnglish } from './languages.ts';
import type { LlmState } from './llm.ts';
import { createLlmMetrics } from './llm-metrics.ts';
import { openLlm } from './open-llm.ts';
import { createUsageStore } from './usage-store.ts';
import type { LlmVariables } from './variables.ts';

type Needs = { variables: LlmVariables; db: Db; metrics: Registry; clock: Clock; log: Logger };
/** The language model of a service: its state, its budget, and the explainer; when it is off a diagnosis goes through unchanged. */
export type Explaining = { llm: LlmState; budget: Budget | undefined; explain: Explainer };

const root = new URL('../../', import.meta.url);
const read = (name: string) => readFile(new URL(`prompts/${name}`, root), 'utf8');

/** Opens what the environment asks for; a wrong variable, budget or prompt file stops the service before it starts. */
export async function startExplaining({ variables, db, metrics, clock, log }: Needs): Promise<Explaining> {
  const llm = await openLlm(variables);
  const llmMetrics = createLlmMetrics(metrics);
  llmMetrics.on.set(llm.state === 'on' ? 1 : 0);
  for (const result of ['hit', 'shared', 'miss']) llmMetrics.lookups.inc({ result }, 0);
  const file = variables.LLM_BUDGET_FILE;
  if (llm.state === 'off') {
    // Whoever gives a file believes in its limits: what is wrong with it must not show on the day the model is switched on.
    if (file !== undefined) await readBudget(pathToFileURL(file), undefined);
    // Asked for and not to be had is a mistake; not asked for is a choice.
    const level = variables.LLM_PROVIDER === 'off' ? 'info' : 'warn';
    log[level]({ reason: llm.reason }, 'no language model: diagnoses go out without an explanation');
    const why = `other languages need the language model, which is off: ${llm.reason}`;
    const explain: Explainer = async ({ diagnosis, language = variables.LLM_LANGUAGE }) =>
      inEnglish(diagnosis, language, why);
    return { llm, budget: undefined, explain };
  }
  const { model } = llm.llm;
  const budget = await readBudget(file === undefined ? new URL('llm-budget.yaml', root) : pathToFileURL(file), model);
  const templates = { system: await read('explain.system.md'), user: await read('explain.user.md') };
  const governor = createGovernor({
    llm: llm.llm,
    store: createUsageStore(db),
    budget,
    metrics: llmMetrics,
    clock,
    log,
  });
  const language = variables.LLM_LANGUAGE;
  const explain = createExplainer({ governor, model, templates, budget, language, metrics: llmMetrics, log });
  log.info({ provider: llm.llm.provider, model, language }, 'diagnoses are explained by a language model');
  return { llm, budget, explain };
}
