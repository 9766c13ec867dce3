import type { Bundle, Diagnosis, MetricCauses, ReasoningRequest } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { type Structure, structureOf } from '../cases/structure.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { freshLook } from '../diagnosis/missing/missing-evidence.ts';
import type { Knowledge } from '../knowledge.ts';
import { adjusted, TRUSTED_FROM } from '../learning/adjust-confidence.ts';
import { recommend } from '../recommendations/recommend.ts';

const RUNBOOKS = 2;

/** What an answer is made with beside the bundle. */
export type Answering = Knowledge & {
  /** What the metrics around a bundle say, or null where none are known. */
  metricCauses: (bundle: Bundle) => Promise<MetricCauses | null>;
  clock: Clock;
  log: Logger;
};

type Answered = { diagnosis: Diagnosis; structure: Structure };

/** The verdict on a bundle, and beside it what the metrics say. Metrics are a help: the answer does not wait for them in vain. */
export async function answerTo(
  asked: Pick<ReasoningRequest, 'bundle' | 'reasons'>,
  answering: Answering,
): Promise<Answered> {
  const [{ diagnosis, structure }, metric_causes] = await Promise.all([
    verdictOn(asked, answering),
    answering.metricCauses(asked.bundle).catch((err: unknown) => {
      answering.log.warn({ err }, 'answered without metrics');
      return null;
    }),
  ]);
  return { diagnosis: { ...diagnosis, metric_causes }, structure };
}

/** The evidence decides what is wrong; what was learnt changes how sure the answer is and in which order remedies come. */
async function verdictOn(
  { bundle, reasons }: Pick<ReasoningRequest, 'bundle' | 'reasons'>,
  { experience, remedies, runbooks, clock, log }: Answering,
): Promise<Answered> {
  const byEvidence = doubted(diagnose(bundle, reasons), { bundle, reasons });
  const structure = structureOf(bundle);
  if (byEvidence.status === 'abstained') return { diagnosis: byEvidence, structure };
  const now = clock.now();
  const { category } = byEvidence;
  const [{ outcomes, records }, similar_cases] = await Promise.all([
    experience.learnt(now),
    // Cases are a help: when their store is away, the answer goes without them.
    experience.similarTo({ category, ...structure }, now).catch((err: unknown) => {
      log.warn({ err }, 'answered without similar cases');
      return [];
    }),
  ]);
  const learnt = adjusted(byEvidence.confidence, records.get(category) ?? { right: 0, wrong: 0 });
  // That earlier faults were told rightly makes none likelier that has not happened yet.
  const confidence = byEvidence.foreseen == null ? learnt : Math.min(learnt, byEvidence.confidence);
  const isSure = confidence >= Math.min(TRUSTED_FROM, byEvidence.confidence);
  const sure = { ...byEvidence, confidence, similar_cases, runbooks: runbooks.forDiagnosis(byEvidence, RUNBOOKS) };
  const diagnosis: Diagnosis = isSure
    ? sure
    : { ...sure, status: 'abstained', missing_evidence: [distrusted(category)] };
  return { diagnosis: { ...diagnosis, ...recommend({ diagnosis, bundle, outcomes, catalogue: remedies }) }, structure };
}

/** Somebody saw a fault, and the evidence shows none: it may have been taken a moment too early, so the cluster is asked again. */
const doubted = (diagnosis: Diagnosis, { bundle, reasons }: Pick<ReasoningRequest, 'bundle' | 'reasons'>): Diagnosis =>
  diagnosis.category === 'no_incident' && reasons.length > 0
    ? { ...diagnosis, status: 'abstained', ...freshLook(bundle, reasons) }
    : diagnosis;

const distrusted = (category: string): string =>
  `people have called so many answers of ${category} wrong that this one needs a person's look`;
