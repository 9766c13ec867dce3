import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { redactDeep } from '@aetherius/shared/redact';
import { type ClusterHealth, clusterHealth } from '../diagnosis/cluster-health.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { diagnoseAll } from '../diagnosis/diagnose-all.ts';
import { readFacts } from '../diagnosis/facts.ts';
import { textAt } from '../diagnosis/json-path.ts';
import { assemble } from '../intake/assemble.ts';
import { takenAt } from '../intake/moment.ts';
import { isEmpty, joined, type Source, type Unread } from '../intake/reading.ts';
import { recognise } from '../intake/recognise.ts';
import { whoIsMeant } from '../intake/unnamed.ts';
import { type Advised, advised, type Shelf } from './advise.ts';

/** The Diagnosis of the main cause, with the other faults beside it, the health check, and what could not be read. */
export type Findings = Advised & {
  further_findings: Advised[];
  health: ClusterHealth;
  unread: Unread[];
  cut: string[];
};

/** Everything that was read, as one bundle, or undefined when none of it could be. */
export function bundleOf(sources: readonly Source[], now: string): { bundle: Bundle | undefined; unread: Unread[] } {
  const at = takenAt(
    sources.map(({ text }) => text),
    now,
  );
  const found = joined(sources.map((source) => recognise(source, at)));
  // Alerts that are over are an answer too: they are counted among what was left out.
  const isBlank = isEmpty(found) && Object.keys(found.stated).length === 0 && found.cut.length === 0;
  return { bundle: isBlank ? undefined : assemble(found, at), unread: found.unread };
}

type Asked = { bundle: Bundle; unread: Unread[]; shelf: Shelf };

/** What is wrong in a bundle, and what to do about it. Quotes leave through the redaction, since a report is made to be passed on. */
export function findingsIn({ bundle, unread, shelf }: Asked): Findings {
  const found = diagnoseAll(bundle).filter((finding) => concerns(bundle, finding));
  const [main = diagnose(bundle), ...further] = found;
  const told = (finding: Diagnosis): Advised => {
    const one = advised(finding, bundle, shelf);
    return { ...one, missing_evidence: [...whoIsMeant(finding.subject), ...one.missing_evidence] };
  };
  const cut = bundle.cut.filter((line) => !unread.some(({ file, reason }) => line === `${file}: ${reason}`));
  return redactDeep({
    ...told(main),
    further_findings: further.map(told),
    health: clusterHealth(readFacts(bundle), [main, ...further]),
    unread,
    cut,
  });
}

/** Who asks about a namespace is not told of nodes that none of its pods is on. */
function concerns({ subject, objects, complete }: Bundle, finding: Diagnosis): boolean {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const asksOfNamespace =
    subject.kind === 'Namespace' && complete.includes(`Pod/${subject.name}`) && complete.includes('Node');
  if (!asksOfNamespace || finding.subject.kind !== 'Node') return true;
  return pods.some(({ body }) => textAt(body, 'spec.nodeName') === finding.subject.name);
}
