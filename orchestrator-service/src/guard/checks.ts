import {
  COMMANDS_ANNOTATION,
  holdOn,
  type Strategy,
  type Subject,
  type WriteAction,
  writeActions,
} from '@aetherius/shared/contracts';
import type { Incident } from '../engine/run.ts';
import { type Facts, targetKey } from '../engine/scope.ts';
import type { FoundObject } from '../engine/steps/target.ts';

/** What is about to be changed, why, and what stands around it. */
export type Intent = {
  action: WriteAction;
  target: Subject;
  object: FoundObject;
  incident: Incident;
  autonomy: Strategy['autonomy'];
  run_id: string;
  facts: Facts;
};
export type Refusal = { code: string; message: string };
type Check = (intent: Intent) => Refusal | undefined;

/** Writes that one target may see within an hour. */
export const WRITES_PER_HOUR = 3;
const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

const same = (a: Subject, b: Subject) => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
const nameOf = ({ kind, namespace, name }: Subject) => `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

const refuseWhen =
  (code: string, applies: (intent: Intent) => boolean, message: (intent: Intent) => string): Check =>
  (intent) =>
    applies(intent) ? { code, message: message(intent) } : undefined;

/** Ids of the commands that an object remembers. */
export const marksOn = ({ metadata }: FoundObject): string[] =>
  (metadata.annotations[COMMANDS_ANNOTATION] ?? '').split(/[\s,"[\]]+/).filter((mark) => mark !== '');

/** In the order in which a person should hear of them: the switch, then what never may be touched, then how far and how often. */
const checks: readonly Check[] = [
  refuseWhen(
    'kill_switch',
    ({ facts }) => facts.kill_switch,
    () => 'the kill switch is on: nothing is changed anywhere',
  ),
  refuseWhen(
    'wrong_kind',
    ({ action, target }) => !writeActions[action].kinds.includes(target.kind),
    ({ action, target }) => `${action} cannot be done to a ${target.kind}`,
  ),
  refuseWhen(
    'out_of_scope',
    ({ target, incident, facts }) => !same(target, incident.subject) && !facts.known.some((one) => same(one, target)),
    ({ target }) => `${nameOf(target)} is neither the subject of the incident nor in its evidence`,
  ),
  // A workload's strategy may be bolder than the one for nodes; the node's own incident decides.
  refuseWhen(
    'node_of_another_incident',
    ({ target, incident }) => target.kind === 'Node' && !same(target, incident.subject),
    ({ target }) => `${nameOf(target)} is changed only for an incident of its own`,
  ),
  refuseWhen(
    'protected_namespace',
    ({ target, facts }) => target.namespace !== null && facts.protected_namespaces.includes(target.namespace),
    ({ target }) => `namespace ${target.namespace} is protected`,
  ),
  refuseWhen(
    'control_plane_node',
    ({ object }) => CONTROL_PLANE_LABEL in object.metadata.labels,
    ({ target }) => `${nameOf(target)} carries the control plane`,
  ),
  // Whether the fault for which it was closed is over, this run cannot know.
  refuseWhen(
    'closed_by_another_run',
    ({ action, object, run_id }) =>
      action === 'uncordon_node' && marksOn(object).some((mark) => !mark.startsWith(`${run_id}:`)),
    ({ target }) => `${nameOf(target)} may have been closed by another run, and is opened by people alone`,
  ),
  ({ target, object, facts }) => holdOn(nameOf(target), object.metadata.annotations, new Date(facts.now)),
  refuseWhen(
    'autonomy_observe',
    ({ autonomy }) => autonomy === 'observe',
    () => 'the strategy only observes',
  ),
  refuseWhen(
    'autonomy_suggest',
    ({ autonomy }) => autonomy === 'suggest',
    ({ action, target }) => `the strategy only suggests: ${action} on ${nameOf(target)}`,
  ),
  refuseWhen(
    'target_busy',
    ({ target, incident, facts }) => facts.busy.includes(targetKey(incident, target)),
    ({ target }) => `another run is changing ${nameOf(target)}`,
  ),
  refuseWhen(
    'cooldown',
    ({ facts }) => facts.cooling_down,
    ({ target }) => `${nameOf(target)} was repaired a short while ago and is broken again`,
  ),
  refuseWhen(
    'too_many_writes',
    ({ target, incident, facts }) => (facts.writes[targetKey(incident, target)] ?? 0) >= WRITES_PER_HOUR,
    ({ target }) => `${nameOf(target)} was changed ${WRITES_PER_HOUR} times within an hour`,
  ),
];

/** The first reason not to act, or undefined. */
export function refusal(intent: Intent): Refusal | undefined {
  for (const check of checks) {
    const found = check(intent);
    if (found !== undefined) return found;
  }
  return undefined;
}
