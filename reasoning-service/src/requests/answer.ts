import type { Diagnosis, ReasoningRequest } from '@aetherius/shared/contracts';
import type { CaseStore } from '../cases/case-store.ts';
import { diagnose } from '../diagnosis/diagnose.ts';

const SIMILAR = 3;

/** A diagnosis with the cases like it; the cases inform people and never outvote the evidence. */
export async function answerTo(
  { bundle, reasons }: Pick<ReasoningRequest, 'bundle' | 'reasons'>,
  cases: CaseStore,
): Promise<Diagnosis> {
  const diagnosis = diagnose(bundle, reasons);
  if (diagnosis.status === 'abstained') return diagnosis;
  const similar = await cases.similar(diagnosis, SIMILAR);
  return {
    ...diagnosis,
    similar_cases: similar.map(({ id, summary, outcome }) => ({
      case_id: id,
      summary,
      outcome,
      similarity: null,
      matched: [],
    })),
  };
}
