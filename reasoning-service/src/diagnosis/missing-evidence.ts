import { type EvidenceRead, MAX_READS, type Subject } from '@aetherius/shared/contracts';
import { readOf } from './evidence-read.ts';
import type { Facts } from './facts.ts';
import { logsForPeople, missingLogs } from './missing-logs.ts';
import { missingObjects } from './missing-objects.ts';

/** What would say more: for people in words, and what of it an agent can read. */
export type Missing = { missing_evidence: string[]; reads: EvidenceRead[] };

const inWords = (reads: readonly EvidenceRead[]): string[] => reads.map(({ what, command }) => `${what}: ${command}`);

/** What would have to be read to say more, each with the command that reads it; the words of those that failed come first. */
export function missingEvidence(facts: Facts): Missing {
  const reads = [...missingLogs(facts), ...missingObjects(facts)].slice(0, MAX_READS);
  return { missing_evidence: [...inWords(reads), ...logsForPeople(facts), ...facts.bundle.cut], reads };
}

/** The same objects once more: what was seen may have been over, or not yet there, when the evidence was taken. */
export function freshLook({ subject, objects }: Facts['bundle'], reasons: readonly string[]): Missing {
  const pods = objects.filter(({ kind }) => kind === 'Pod').slice(0, MAX_READS - 1);
  const seen: Subject[] = pods.some(({ name }) => name === subject.name) ? pods : [subject, ...pods];
  const reads = seen.flatMap((object) => readOf(object, { action: 'describe', what: 'how it fares now' }));
  return { missing_evidence: [`what was seen: ${reasons.join(', ')}`, ...inWords(reads)], reads };
}
