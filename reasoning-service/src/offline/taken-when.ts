import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { diagnoseAll } from '../diagnosis/diagnose-all.ts';
import { readFacts } from '../diagnosis/facts.ts';
import { keyOf } from '../diagnosis/graph/object-key.ts';
import { missingEvidence } from '../diagnosis/missing/missing-evidence.ts';
import { inTimeAsOf } from '../diagnosis/verdict/in-time.ts';

/** What is told of a fault that may as well be over is no more than that. */
const CONFIDENCE = 0.5;

const faultOf = ({ category, subject }: Diagnosis): string => `${category} ${keyOf(subject)}`;
const isFault = ({ category }: Diagnosis): boolean => category !== 'no_incident';

/** The findings of a bundle, the main one first. */
export function findingsOf(bundle: Bundle): Diagnosis[] {
  const found = diagnoseAll(bundle);
  return found.length > 0 ? found : [diagnose(bundle)];
}

/** A fault of one of the two ends alone: whether it is there hangs on when the evidence was taken, so nothing is to be done about it. */
const doubted =
  (of: Bundle, other: Bundle) =>
  (finding: Diagnosis): Diagnosis => {
    const { category, subject, root_cause: cause } = finding;
    const description = `when this was taken is not told: as of ${of.at} it would be ${category} (${cause.description}), and as of ${other.at} it is not`;
    const { missing_evidence: missing, reads } = missingEvidence(readFacts({ ...of, subject }));
    return {
      ...finding,
      category: 'unknown',
      severity: 'medium',
      root_cause: { ...cause, description },
      confidence: Math.min(finding.confidence, CONFIDENCE),
      rejected: [{ category, reason: `only if it was taken about ${of.at}` }, ...finding.rejected].slice(0, 10),
      recommendations: [],
      missing_evidence: ['when it was taken: --at TIME tells it', ...missing],
      reads,
      status: 'abstained',
    };
  };

/** The findings of evidence that may have been taken at any time between two: what holds at both is sure, what holds at one is doubted. */
export function findingsBetween(early: Bundle, given: Bundle): Diagnosis[] {
  const late = inTimeAsOf(given, early);
  const [first, last] = [findingsOf(early), findingsOf(late)];
  const at = { first: new Set(first.map(faultOf)), last: new Set(last.map(faultOf)) };
  const sure = first.filter((one) => at.last.has(faultOf(one)));
  const doubtful = [
    ...first.filter((one) => isFault(one) && !at.last.has(faultOf(one))).map(doubted(early, late)),
    ...last.filter((one) => isFault(one) && !at.first.has(faultOf(one))).map(doubted(late, early)),
  ];
  // A sure all-clear of one end says nothing while the other end has a fault.
  return [...sure.filter((one) => doubtful.length === 0 || isFault(one)), ...doubtful];
}
