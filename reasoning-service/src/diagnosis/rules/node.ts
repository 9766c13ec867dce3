import type { BundleObject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { cordon } from '../remedies.ts';

const condition = (node: BundleObject, type: string) =>
  objectsAt(node.body, 'status.conditions').find((entry) => textAt(entry, 'type') === type);

/** The node that a bundle is about, or one that carries a pod of it: other nodes are there only to say where a pod does not fit. */
const nodesOf = (facts: Facts): BundleObject[] => {
  const { kind, name } = facts.subject;
  const carrying = new Set(facts.of('Pod').map((pod) => textAt(pod.body, 'spec.nodeName')));
  return facts.of('Node').filter((node) => (kind === 'Node' ? node.name === name : carrying.has(node.name)));
};

const named = (name: string) => ({ kind: 'Node', namespace: null, name });

/** A node whose kubelet no longer reports, or reports that it cannot work. */
export const nodeNotReady: Rule = (facts) => {
  const node = nodesOf(facts).find((one) => !['True', undefined].includes(textAt(condition(one, 'Ready'), 'status')));
  if (node === undefined) return undefined;
  const ready = condition(node, 'Ready');
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
  const nodes = nodesOf(facts);
  const isPressed = (one: BundleObject) => textAt(condition(one, 'DiskPressure'), 'status') === 'True';
  const node = nodes.find(isPressed) ?? (facts.subject.kind === 'Node' ? nodes[0] : undefined);
  if (node === undefined) return undefined;
  const pressed = isPressed(node);
  const events = pressureEvents(facts);
  if (!pressed && events.length === 0) return undefined;
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
