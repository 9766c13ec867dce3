import type { BundleObject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { cordon } from '../remedies.ts';

const condition = (node: BundleObject, type: string) =>
  objectsAt(node.body, 'status.conditions').find((entry) => textAt(entry, 'type') === type);

const subjectNode = (facts: Facts): BundleObject | undefined =>
  facts.of('Node').find((node) => facts.subject.kind !== 'Node' || node.name === facts.subject.name);

const named = (name: string) => ({ kind: 'Node', namespace: null, name });

/** A node whose kubelet no longer reports, or reports that it cannot work. */
export const nodeNotReady: Rule = (facts) => {
  const node = subjectNode(facts);
  const ready = node === undefined ? undefined : condition(node, 'Ready');
  const status = textAt(ready, 'status');
  if (node === undefined || status === undefined || status === 'True') return undefined;
  const subject = named(node.name);
  const events = facts.events({ reason: ['NodeNotReady'] });
  return {
    category: 'node_not_ready',
    severity: 'critical',
    subject,
    cause: {
      subject,
      description: `node ${node.name} is not ready: ${textAt(ready, 'message') ?? textAt(ready, 'reason') ?? 'no reason given'}`,
    },
    weight: 0.96,
    evidence: [...citeObject(node, textAt(ready, 'reason') ?? 'status.conditions'), ...citeEvents(events, 2)],
    recommendations: cordon(subject),
  };
};

const pressureEvents = (facts: Facts): Evidence[] =>
  citeEvents([
    ...facts.events({ kind: 'Node', reason: ['NodeHasDiskPressure', 'EvictionThresholdMet'] }),
    ...facts.events({ reason: ['Evicted'], message: /ephemeral-storage|DiskPressure|nodefs|imagefs/ }),
  ]);

/** A node that ran out of disk and puts pods out for it. */
export const diskPressure: Rule = (facts) => {
  const node = subjectNode(facts);
  if (node === undefined) return undefined;
  const pressed = textAt(condition(node, 'DiskPressure'), 'status') === 'True';
  const events = pressureEvents(facts);
  if (!pressed && (events.length === 0 || facts.subject.kind !== 'Node')) return undefined;
  const subject = named(node.name);
  return {
    category: 'node_disk_pressure_eviction',
    severity: 'high',
    subject,
    cause: { subject, description: `node ${node.name} ran out of disk and evicts pods` },
    weight: pressed ? 0.95 : 0.8,
    evidence: [...(pressed ? citeObject(node, 'KubeletHasDiskPressure') : []), ...events],
    recommendations: cordon(subject),
  };
};
