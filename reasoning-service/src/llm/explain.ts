import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { findIn } from '../diagnosis/diagnose.ts';
import { type Budget, tenantOf } from './budget-file.ts';
import { closeHypotheses, inOrder } from './close.ts';
import { asFailure, llmFailures } from './failures.ts';
import type { Governor } from './governor.ts';
import { type Held, holdToEvidence } from './hold-to-evidence.ts';
import { inEnglish, inLanguage, type Language } from './languages.ts';
import type { LlmMetrics } from './llm-metrics.ts';
import { makePrompt, type Templates } from './prompt.ts';
import { createVeil } from './veil.ts';
import { writeOut } from './write-out.ts';

/** A diagnosis with what it was made of, whose incident it is, and the language to explain it in when not the usual one. */
export type ToExplain = {
  diagnosis: Diagnosis;
  bundle: Bundle;
  reasons: readonly string[];
  incident_id: string | null;
  language?: Language | undefined;
};

/** Adds words to a diagnosis; it never fails, and never changes what was found or what may be done. */
export type Explainer = (question: ToExplain) => Promise<Diagnosis>;

type Needs = {
  governor: Governor;
  model: string;
  templates: Templates;
  budget: Budget;
  language: Language;
  metrics: LlmMetrics;
  log: Logger;
};

export function createExplainer(needs: Needs): Explainer {
  const { model, metrics, log } = needs;
  return async (question) => {
    const { diagnosis, incident_id } = question;
    const language = question.language ?? needs.language;
    // Where nothing is wrong there is nothing to explain, and a quiet cluster should cost nothing.
    if (diagnosis.category === 'no_incident')
      return inEnglish(diagnosis, language, 'nothing is wrong, so no language model was asked');
    try {
      return await explained({ ...question, language }, needs);
    } catch (error) {
      const failure = asFailure(error);
      metrics.degraded.inc({ reason: failure.code });
      log.warn(
        { err: failure, incident_id, reason: failure.code },
        'the diagnosis goes out without the language model',
      );
      return { ...diagnosis, explanation: { text: null, language, model, degraded_reason: failure.message } };
    }
  };
}

async function explained(question: ToExplain & { language: Language }, needs: Needs): Promise<Diagnosis> {
  const { diagnosis, bundle, reasons, incident_id, language } = question;
  const { governor, templates, budget, metrics } = needs;
  const close = diagnosis.status === 'abstained' ? closeHypotheses(findIn(bundle, reasons).weak) : [];
  const veil = createVeil(bundle, diagnosis);
  const { prompt, given } = makePrompt({ bundle, diagnosis, close, language }, { veil, templates, size: budget.call });
  const account = { tenant: tenantOf(budget, bundle.cluster), cluster_id: bundle.cluster, incident_id };
  const { model, answer } = await governor.ask(prompt, account);
  const held = holdToEvidence(answer, given);
  for (const reason of held.dropped) metrics.dropped.inc({ reason });
  const claims = inLanguage(held, language);
  if (claims.length === 0) throw llmFailures.nothing_held(whyNothing(held));
  const text = writeOut(claims, veil.reveal);
  return {
    ...inOrder(diagnosis, close, held.ranking),
    explanation: { text, language, model, degraded_reason: null },
  };
}

/** The reasons as counts: `unknown_entity: 2`; another language counts as one. */
function whyNothing({ dropped, claims }: Held): Record<string, number> {
  const counts: Record<string, number> = claims.length === 0 ? {} : { other_language: claims.length };
  for (const reason of dropped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
