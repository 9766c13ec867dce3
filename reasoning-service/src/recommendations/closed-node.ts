import { type BundleObject, COMMANDS_ANNOTATION } from '@aetherius/shared/contracts';
import type { Facts } from '../diagnosis/facts.ts';
import { isSame } from '../diagnosis/graph/object-key.ts';
import { isLeaving } from '../diagnosis/health/held-deletion.ts';
import { isTrueAt, objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { rules } from '../diagnosis/rules.ts';

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Well in every condition that it has, and none of the kubelet's is left open: silence is no health. */
function isWell(node: BundleObject): boolean {
  const conditions = new Map(
    objectsAt(node.body, 'status.conditions').map((one) => [textAt(one, 'type') ?? '', textAt(one, 'status')]),
  );
  return (
    pressures.every((type) => conditions.has(type)) &&
    [...conditions].every(([type, status]) => status === (type === 'Ready' ? 'True' : 'False'))
  );
}

/** The taint of the cordon itself; any other is the word of somebody who wants pods kept away. */
const CORDON = 'node.kubernetes.io/unschedulable';
const reason = /cordon|drain|maintenance|reboot|upgrade|decommission|quarantine/i;

/** Closed by Aetherius for a fault, or by somebody who left word of why. */
function isClosedForReason(node: BundleObject): boolean {
  const said = { ...textsAt(node.body, 'metadata.labels'), ...textsAt(node.body, 'metadata.annotations') };
  return (
    COMMANDS_ANNOTATION in said ||
    objectsAt(node.body, 'spec.taints').some((taint) => textAt(taint, 'key') !== CORDON) ||
    Object.entries(said).some(
      ([key, value]) => reason.test(key) || (/^[\w -]{1,60}$/.test(value) && reason.test(value)),
    )
  );
}

/** Whether an event warns of the node, or any rule finds a fault of it, also one that another fault explains. */
const isFaulty = (facts: Facts, node: BundleObject): boolean =>
  facts.bundle.events.some((event) => event.type === 'Warning' && isSame(event, node)) ||
  rules.some((rule) => rule(facts).some(({ subject }) => isSame(subject, node)));

/** Whether a node is closed to new pods for no reason that can be seen, and could take them. */
export const mayOpen = (facts: Facts, node: BundleObject): boolean =>
  isTrueAt(node.body, 'spec.unschedulable') &&
  isWell(node) &&
  !isLeaving(node) &&
  !isClosedForReason(node) &&
  !isFaulty(facts, node);
