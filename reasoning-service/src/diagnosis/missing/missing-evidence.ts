import { type Bundle, type EvidenceRead, MAX_READS, type Subject } from '@aetherius/shared/contracts';
import { alertedReads } from '../alerted.ts';
import { type Facts, readFacts } from '../facts.ts';
import { inFull } from '../graph/object-key.ts';
import { isName, isNameable } from '../nameable.ts';
import { fileOf } from '../unplaced-log.ts';
import { readOf } from './evidence-read.ts';
import { logNeeds } from './log-needs.ts';
import { claimsForPeople } from './missing-claims.ts';
import { logsForPeople, logsOfEnded, logsOfNameless, missingLogs } from './missing-logs.ts';
import { missingObjects } from './missing-objects.ts';

/** What would say more: for people in words, and what of it an agent can read. */
export type Missing = { missing_evidence: string[]; reads: EvidenceRead[] };

const inWords = (reads: readonly EvidenceRead[]): string[] => reads.map(({ what, command }) => `${what}: ${command}`);

/** What no agent reads but a person can: what holds a namespace or keeps a definition from being served. */
function forPeople({ subject, graph, health }: Facts): string[] {
  const object = graph.find(subject);
  if (object === undefined || health(object).state !== 'broken' || !isName(subject.name)) return [];
  if (subject.kind === 'Namespace')
    return [
      `what is left in ${subject.name}: kubectl api-resources --verbs=list --namespaced -o name | xargs -n 1 kubectl get -n ${subject.name} --ignore-not-found --show-kind`,
      'the APIs that do not answer: kubectl get apiservices',
    ];
  if (subject.kind === 'CustomResourceDefinition')
    return [
      `its names, versions and conversion webhook: kubectl get crd ${subject.name} -o yaml`,
      'the definitions that have the same names: kubectl get crd',
    ];
  return [];
}

const overview = [
  'how the pods of the cluster fare: kubectl get pods -A',
  'what the cluster says: kubectl get events -A',
];

/** Where nothing nearer to the fault is known to be missing: a look at what it is about. */
function aFirstLook(facts: Facts): string[] {
  const { subject } = facts;
  const { kind, namespace, name } = subject;
  const [log] = facts.bundle.logs;
  const file = log && fileOf(log.pod);
  if (file !== undefined && facts.bundle.logs.length === 1) return logNeeds(facts, file);
  if (kind === 'Cluster' || !isNameable(subject)) return overview;
  if (kind === 'Namespace')
    return [
      `how what is in ${name} fares: kubectl get all -n ${name}`,
      `what the cluster says of it: kubectl get events -n ${name}`,
    ];
  const where = namespace === null ? '' : ` -n ${namespace}`;
  return [`the status of ${inFull(subject)} and its Events: kubectl describe ${kind.toLowerCase()} ${name}${where}`];
}

/** What would have to be read to say more, each with the command that reads it; the words of those that failed come first. */
export function missingEvidence(facts: Facts): Missing {
  const reads = [...missingLogs(facts), ...alertedReads(facts), ...missingObjects(facts)].slice(0, MAX_READS);
  const known = [
    ...logsOfNameless(facts),
    ...inWords(reads),
    ...logsForPeople(facts),
    ...claimsForPeople(facts),
    ...forPeople(facts),
  ];
  return {
    missing_evidence: [...(known.length === 0 ? aFirstLook(facts) : known), ...facts.bundle.cut],
    reads,
  };
}

/** The same objects once more, and why a program ended: what was seen may have been over, or not yet there, when the evidence was taken. */
export function freshLook(bundle: Bundle, reasons: readonly string[]): Missing {
  const { subject, objects } = bundle;
  const logs = logsOfEnded(readFacts(bundle, reasons));
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const seen: Subject[] = pods.some(({ name }) => name === subject.name) ? pods : [subject, ...pods];
  const views = seen.flatMap((object) =>
    readOf(object, { action: 'describe', what: `how ${inFull(object)} fares now` }),
  );
  const reads = [...logs, ...views].slice(0, MAX_READS);
  return { missing_evidence: [`what was seen: ${reasons.join(', ')}`, ...inWords(reads)], reads };
}
