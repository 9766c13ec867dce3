import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { proven } from './evidence.ts';
import { readFacts } from './facts.ts';
import type { Hypothesis, Rule } from './hypothesis.ts';
import { crashLoop } from './rules/crash.ts';
import { imagePull } from './rules/image.ts';
import { memoryLimit } from './rules/memory.ts';
import { diskPressure, nodeNotReady } from './rules/node.ts';
import { livenessProbe } from './rules/probes.ts';
import { quota } from './rules/quota.ts';
import { missingReference } from './rules/references.ts';
import { unschedulable } from './rules/scheduling.ts';
import { serviceSelector } from './rules/service.ts';
import { storageClass } from './rules/storage.ts';

/** Causes before their symptoms: a rule explains away all rules below it, whatever their weights. */
const precedence: readonly Rule[] = [
  nodeNotReady,
  diskPressure,
  storageClass,
  missingReference,
  imagePull,
  memoryLimit,
  livenessProbe,
  quota,
  unschedulable,
  serviceSelector,
  crashLoop,
];

/** Below this confidence an answer would be a guess, and a guess must not start a repair. */
const ANSWER_FROM = 0.6;

/** Each piece of evidence that did not hold takes its share of the confidence. */
function enforce(hypothesis: Hypothesis, bundle: Bundle): Hypothesis {
  const evidence = proven(hypothesis.evidence, bundle);
  const share = hypothesis.evidence.length === 0 ? 0 : evidence.length / hypothesis.evidence.length;
  return { ...hypothesis, evidence, weight: evidence.length === 0 ? 0 : hypothesis.weight * (0.5 + 0.5 * share) };
}

/** Why the subject of a bundle is broken, from the bundle alone; the same bundle always gets the same answer. */
export function diagnose(bundle: Bundle, reasons: readonly string[] = []): Diagnosis {
  const facts = readFacts(bundle, reasons);
  const hypotheses = precedence
    .map((rule) => rule(facts))
    .filter((hypothesis) => hypothesis !== undefined)
    .map((hypothesis) => enforce(hypothesis, bundle));
  const [best, ...others] = hypotheses.filter(({ weight }) => weight >= ANSWER_FROM);
  if (best === undefined) return abstain(bundle, hypotheses);
  return {
    category: best.category,
    severity: best.severity,
    subject: best.subject,
    root_cause: best.cause,
    confidence: round(best.weight),
    evidence: best.evidence,
    rejected: others.map(({ category }) => ({ category, reason: `explained by ${best.category}` })),
    recommendations: best.recommendations,
    similar_cases: [],
    missing_evidence: [],
    status: 'answered',
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

function abstain(bundle: Bundle, weak: readonly Hypothesis[]): Diagnosis {
  const missing = [
    ...(bundle.objects.length === 0 ? ['the status of the object and of its pods'] : []),
    ...(bundle.events.length === 0 ? ['recent Events of the object'] : []),
    ...(bundle.logs.length === 0 ? ['the last log lines of its containers'] : []),
    ...bundle.cut,
  ];
  return {
    category: 'unknown',
    severity: 'medium',
    subject: bundle.subject,
    root_cause: { subject: bundle.subject, description: 'the evidence does not say what is wrong' },
    confidence: round(Math.max(0, ...weak.map(({ weight }) => weight))),
    evidence: weak.flatMap(({ evidence }) => evidence).slice(0, 5),
    rejected: weak.map(({ category, weight }) => ({
      category,
      reason: `confidence ${round(weight)} is too low to act on`,
    })),
    recommendations: [],
    similar_cases: [],
    missing_evidence: missing,
    status: 'abstained',
  };
}
