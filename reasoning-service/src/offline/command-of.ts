import type { Advice, Recommendation, Subject } from '@aetherius/shared/contracts';
import { objectAt, textsAt, wordAt } from '../diagnosis/json-path.ts';
import { speaking } from '../diagnosis/missing/missing-logs.ts';
import { isNameable } from '../diagnosis/nameable.ts';
import { patchOf } from './patch-of.ts';

type Doing = Pick<Recommendation, 'action' | 'target' | 'parameters'>;

const at = ({ kind, namespace, name }: Subject): string =>
  `${kind.toLowerCase()}/${name}${namespace === null ? '' : ` -n ${namespace}`}`;

const pairs = (parameters: Doing['parameters'], part: 'requests' | 'limits'): string => {
  const figures = Object.entries(objectAt(parameters, part) ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  return figures.length === 0 ? '' : ` --${part}=${figures.join(',')}`;
};

const flag = (parameters: Doing['parameters'], path: string, words: string): string => {
  const value = wordAt(parameters, path);
  return value === undefined ? '' : ` ${words}${value}`;
};

const logsOf = ({ target, parameters }: Doing): string =>
  `kubectl logs ${at(target)}${flag(parameters, 'container', '-c ')}${parameters['previous'] === true ? ' --previous' : ''}${flag(parameters, 'tail_lines', '--tail=')}`;

const eventsOf = ({ target: { name, namespace } }: Doing): string =>
  `kubectl get events${namespace === null ? ' -A' : ` -n ${namespace}`} --field-selector involvedObject.name=${name}`;

/** What others name: where one of these is not there, those that are tell which was meant, and nobody prints their values. */
const referredTo = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'StorageClass', 'IngressClass', 'PriorityClass']);

const getOf = ({ target }: Doing): string =>
  referredTo.has(target.kind)
    ? `kubectl get ${target.kind.toLowerCase()}${target.namespace === null ? '' : ` -n ${target.namespace}`}`
    : `kubectl get ${at(target)} -o yaml`;

const commands: Partial<Record<Doing['action'], (doing: Doing) => string>> = {
  restart_workload: ({ target }) => `kubectl rollout restart ${at(target)}`,
  scale_workload: ({ target, parameters }) =>
    `kubectl scale ${at(target)}${flag(parameters, 'replicas', '--replicas=')}`,
  set_resources: ({ target, parameters }) =>
    `kubectl set resources ${at(target)}${flag(parameters, 'container', '-c ')}${pairs(parameters, 'requests')}${pairs(parameters, 'limits')}`,
  rollback_workload: ({ target, parameters }) =>
    `kubectl rollout undo ${at(target)}${flag(parameters, 'to_revision', '--to-revision=')}`,
  delete_pod: ({ target, parameters }) =>
    `kubectl delete ${at(target)}${flag(parameters, 'grace_seconds', '--grace-period=')}`,
  pause_rollout: ({ target }) => `kubectl rollout pause ${at(target)}`,
  resume_rollout: ({ target }) => `kubectl rollout resume ${at(target)}`,
  set_service_account: ({ target, parameters }) =>
    `kubectl set serviceaccount ${at(target)}${flag(parameters, 'name', '')}`,
  set_service_selector: ({ target, parameters }) =>
    `kubectl set selector ${at(target)} ${Object.entries(textsAt(parameters, 'selector'))
      .map(([key, value]) => `${key}=${value}`)
      .join(',')}`,
  cordon_node: ({ target }) => `kubectl cordon ${target.name}`,
  uncordon_node: ({ target }) => `kubectl uncordon ${target.name}`,
  get: getOf,
  describe: ({ target }) => `kubectl describe ${at(target)}`,
  events: eventsOf,
  logs: logsOf,
};

/** Letters of names, figures and flags; a bundle may hold anything, and a command is made to be pasted into a shell. */
const plain = /^[\w./:=, -]+$/;

/** A patch stands between single quotes, so it must not have one, nor anything else beyond names, figures and its own directive. */
const plainPatch = /^\{(?:[\w./:=,{}"[\] %-]|\$patch)+\}$/;

/** What findings may be about and no cluster keeps as an object. */
const unkept = new Set(['Cluster', 'Log', 'Taint', 'Webhook', 'Address']);

const isAsked = ({ action, target }: Pick<Doing, 'action' | 'target'>): boolean =>
  !unkept.has(target.kind) && isNameable(target) && (action !== 'logs' || speaking.has(target.kind));

/** What a person types who does an action of the catalogue by hand; null for what only an agent can do, or what is no plain name. */
export function commandOf(doing: Doing | NonNullable<Advice['look']>): string | null {
  if (!isAsked(doing)) return null;
  const command = commands[doing.action]?.(doing);
  if (command !== undefined) return plain.test(command) ? command : null;
  const patch = JSON.stringify(patchOf(doing.action, doing.parameters) ?? null);
  const start = `kubectl patch ${at(doing.target)}`;
  return plain.test(start) && plainPatch.test(patch) ? `${start} -p '${patch}'` : null;
}
