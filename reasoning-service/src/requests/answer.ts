import type { Bundle, Diagnosis, MetricCauses, ReasoningRequest } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { type Structure, structureOf } from '../cases/structure.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { readFacts } from '../diagnosis/facts.ts';
import { freshLook, type Missing, missingEvidence } from '../diagnosis/missing/missing-evidence.ts';
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

type Asked = Pick<ReasoningRequest, 'bundle' | 'reasons'>;
type Answered = { diagnosis: Diagnosis; structure: Structure };

/** The verdict on a bundle, and beside it what the metrics say. Metrics are a help: the answer does not wait for them in vain. */
export async function answerTo(asked: Asked, answering: Answering): Promise<Answered> {
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
  { bundle, reasons }: Asked,
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
  const learnt = adjusted(byEvidence.confidence, records.get(category) ?? { right: 0, wrong: 0, loudest: 0 });
  // That earlier faults were told rightly makes none likelier that has not happened yet.
  const confidence = byEvidence.foreseen == null ? learnt : Math.min(learnt, byEvidence.confidence);
  const isSure = confidence >= Math.min(TRUSTED_FROM, byEvidence.confidence);
  const sure = { ...byEvidence, confidence, similar_cases, runbooks: runbooks.forDiagnosis(byEvidence, RUNBOOKS) };
  const diagnosis: Diagnosis = isSure ? sure : { ...sure, ...withheld({ bundle, reasons }, distrusted(category)) };
  return { diagnosis: { ...diagnosis, ...recommend({ diagnosis, bundle, outcomes, catalogue: remedies }) }, structure };
}

/** Somebody saw a fault, and the evidence shows none: it may have been taken a moment too early, so nobody is acquitted and the cluster is asked again. */
function doubted(diagnosis: Diagnosis, { bundle, reasons }: Asked): Diagnosis {
  if (diagnosis.category !== 'no_incident' || reasons.length === 0) return diagnosis;
  const { subject } = diagnosis.root_cause;
  const description = `${reasons.join(', ')} was seen, and the evidence shows nothing that is wrong: it may have been taken a moment too early or too late`;
  return {
    ...diagnosis,
    ...{ category: 'unknown', status: 'abstained', confidence: 0, root_cause: { subject, description } },
    ...freshLook(bundle, reasons),
  };
}

/** A cause that is not told for sure: why, and what would say more. */
export function withheld({ bundle, reasons }: Asked, why: string): Missing & { status: 'abstained' } {
  const { missing_evidence, reads } = missingEvidence(readFacts(bundle, reasons));
  return { status: 'abstained', missing_evidence: [why, ...missing_evidence], reads };
}

const distrusted = (category: string): string =>
  `people have called so many answers of ${category} wrong that this one needs a person's look`;
