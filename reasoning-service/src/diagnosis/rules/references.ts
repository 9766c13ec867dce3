import type { Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';

const missingObject = /\b(configmap|secret) "([^"]+)" not found/i;
const missingKey = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^/\s]+\/)?([^\s,]+)/i;

type Missing = { kind: 'ConfigMap' | 'Secret'; name: string; key: string | undefined };

/** Reads the two sentences in which the kubelet names a missing object or a missing key. */
function parseMissing(message: string): Missing | undefined {
  const kindOf = (word: string | undefined) => (word?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap');
  const object = missingObject.exec(message);
  if (object?.[2] !== undefined) return { kind: kindOf(object[1]), name: object[2], key: undefined };
  const key = missingKey.exec(message);
  return key?.[3] === undefined ? undefined : { kind: kindOf(key[2]), name: key[3], key: key[1] };
}

type Said = { message: string; evidence: Evidence[] };

function sayings(facts: Facts): Said[] {
  const waiting = facts.containers
    .filter(({ waiting }) => waiting?.reason === 'CreateContainerConfigError')
    .map(({ pod, waiting }) => ({
      message: waiting?.message ?? '',
      evidence: citeObject(pod, waiting?.message ?? ''),
    }));
  const events = facts
    .events({ kind: 'Pod', reason: ['Failed', 'FailedMount'] })
    .map((event) => ({ message: event.message, evidence: citeEvents([event]) }));
  return [...waiting, ...events];
}

/** A ConfigMap or Secret, or a key in it, that the pod refers to and that is not there. */
export const missingReference: Rule = (facts) => {
  const found = sayings(facts)
    .map((said) => ({ ...said, missing: parseMissing(said.message) }))
    .filter(({ missing }) => missing !== undefined);
  const missing = found[0]?.missing;
  if (missing === undefined) return undefined;
  const causing: Subject = { kind: missing.kind, namespace: facts.subject.namespace, name: missing.name };
  return {
    category: missing.kind === 'Secret' ? 'missing_secret' : 'missing_configmap',
    severity: 'high',
    subject: facts.subject,
    cause: {
      subject: causing,
      description:
        missing.key === undefined
          ? `${missing.kind} ${missing.name} does not exist in namespace ${facts.subject.namespace}`
          : `${missing.kind} ${missing.name} has no key ${missing.key}`,
    },
    weight: 0.97,
    evidence: found.flatMap(({ evidence }) => evidence).slice(0, 4),
    recommendations: [],
  };
};
