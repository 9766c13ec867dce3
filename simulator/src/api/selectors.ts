import { badRequest } from '../store/api-error.ts';
import { asString, at } from '../store/json.ts';
import type { Kind } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';

/** Decides whether an object is wanted. */
export type Matcher = (object: KubeObject) => boolean;

type Requirement = { key: string; operator: 'in' | 'notin' | 'exists' | 'absent'; values: string[] };

const setForm = /^\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*$/;
const equalForm = /^\s*([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)\s*$/;
const existsForm = /^\s*(!?)\s*([^\s!=,()]+)\s*$/;

/** Reads a label selector in its text form (`app=web,tier in (a,b),!canary`). */
export function labelMatcher(text: string | null): Matcher {
  const requirements = splitOutsideParentheses(text ?? '').map(parseRequirement);
  return ({ metadata }) => requirements.every((requirement) => meets(metadata.labels ?? {}, requirement));
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/).filter((part) => part.trim() !== '');
}

function parseRequirement(text: string): Requirement {
  const inSet = setForm.exec(text);
  if (inSet !== null) {
    const [, key = '', operator, list = ''] = inSet;
    const values = list.split(',').map((value) => value.trim());
    return { key, operator: operator === 'in' ? 'in' : 'notin', values };
  }
  const equal = equalForm.exec(text);
  if (equal !== null) {
    const [, key = '', operator, value = ''] = equal;
    return { key, operator: operator === '!=' ? 'notin' : 'in', values: [value] };
  }
  const exists = existsForm.exec(text);
  if (exists === null) throw badRequest(`unable to parse requirement: "${text.trim()}" is not a label selector`);
  const [, negation, key = ''] = exists;
  return { key, operator: negation === '!' ? 'absent' : 'exists', values: [] };
}

function meets(labels: { [key: string]: string }, { key, operator, values }: Requirement): boolean {
  const value = labels[key];
  if (operator === 'exists') return value !== undefined;
  if (operator === 'absent') return value === undefined;
  const listed = value !== undefined && values.includes(value);
  return operator === 'in' ? listed : !listed;
}

const fieldsOfEvery = ['metadata.name', 'metadata.namespace'];

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const fieldsOfKind: { [kind: string]: string[] } = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [...involved.map((field) => `involvedObject.${field}`), 'type', 'reason', 'reportingComponent', 'source'],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Job: ['status.successful'],
  ReplicaSet: ['status.replicas'],
  ReplicationController: ['status.replicas'],
};

/** Reads a field selector; a field that Kubernetes does not index for the kind is refused. */
export function fieldMatcher(kind: Kind, text: string | null): Matcher {
  const parts = (text ?? '').split(',').filter((part) => part !== '');
  const matchers = parts.map((part) => fieldRequirement(kind, part));
  return (object) => matchers.every((matches) => matches(object));
}

function fieldRequirement(kind: Kind, part: string): Matcher {
  const parsed = /^([^=!]+)(==|!=|=)(.*)$/.exec(part);
  if (parsed === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
  const [, field = '', operator, wanted] = parsed;
  const path = kind.group === 'events.k8s.io' ? field.replace(/^regarding\./, 'involvedObject.') : field;
  if (!fieldsOfEvery.includes(path) && !(fieldsOfKind[kind.kind] ?? []).includes(path)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  return (object) => (readField(object, path) === wanted) === (operator !== '!=');
}

function readField(object: KubeObject, path: string): string {
  if (path === 'source') return asString(at(object, 'source', 'component'));
  if (path === 'spec.unschedulable') return String(object.spec?.['unschedulable'] === true);
  return asString(at(object, ...path.split('.')));
}
