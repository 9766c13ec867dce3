import type { Diagnosis } from '@aetherius/shared/contracts';
import { bundleOf, type Findings, findingsIn } from '../src/offline/findings.ts';
import { createRunbookIndex } from '../src/runbooks/find-runbooks.ts';

const day = '2026-11-20T10:15:00.000Z';
/** No remedy and no runbook: what is wrong is all that these tests ask. */
const nothing = { remedies: [], runbooks: createRunbookIndex([]) };

/** What is said of texts that somebody pasted, each under the name of its file. */
export function pasted(texts: Record<string, string>, at = day): Findings {
  const sources = Object.entries(texts).map(([name, text]) => ({ name, text }));
  const { bundle, moment: _, ...read } = bundleOf(sources, at);
  if (bundle === undefined) throw new Error(`nothing of it was read: ${JSON.stringify(read.unread)}`);
  return findingsIn({ bundle, ...read, shelf: nothing });
}

/** Category and subject in short: `missing_secret Deployment shop/cart`. */
export const inShort = ({ category, subject: { kind, namespace, name } }: Diagnosis | Findings): string =>
  `${category} ${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** Every finding in short. */
export const allInShort = (found: Findings): string[] => [found, ...found.further_findings].map(inShort);
