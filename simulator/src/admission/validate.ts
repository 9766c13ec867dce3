import { isDeepStrictEqual } from 'node:util';
import { type Cause, invalid } from '../store/api-error.ts';
import { asArray, asObject, asString, at, type JsonObject } from '../store/json.ts';
import type { Kind } from '../store/kinds.ts';
import type { KubeObject, NewObject } from '../store/kube-object.ts';
import { forbiddenField, invalidValue, labelFaults, nameFaults, required } from './names.ts';
import { podSpecFaults, podUpdateFaults } from './pod-rules.ts';

type Rule = (spec: JsonObject, object: NewObject) => Cause[];

const templated: Rule = (spec) => podSpecFaults(asObject(at(spec, 'template', 'spec')), 'spec.template.spec');

const selecting: Rule = (spec) => {
  const selector = asObject(spec['selector']);
  if (spec['selector'] === undefined) return [required('spec.selector')];
  const wanted = Object.entries(asObject(selector['matchLabels']));
  if (wanted.length === 0 && asArray(selector['matchExpressions']).length === 0) {
    return [invalidValue('spec.selector', selector, 'empty selector is invalid for deployment')];
  }
  const labels = asObject(at(spec, 'template', 'metadata', 'labels'));
  const matches = wanted.every(([key, value]) => labels[key] === value);
  const why = '`selector` does not match template `labels`';
  return matches ? [] : [invalidValue('spec.template.metadata.labels', labels, why)];
};

const counted: Rule = (spec) => {
  const replicas = spec['replicas'];
  if (replicas === undefined || (typeof replicas === 'number' && replicas >= 0)) return [];
  return [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')];
};

const workload: Rule = (spec, object) => [counted, selecting, templated].flatMap((rule) => rule(spec, object));

const served: Rule = (spec) => {
  if (spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None') return [];
  const ports = asArray(spec['ports']);
  if (ports.length === 0) return [required('spec.ports')];
  return ports.flatMap((port, index) => {
    const number = asObject(port)['port'];
    if (typeof number === 'number' && number > 0 && number < 65_536) return [];
    return [invalidValue(`spec.ports[${index}].port`, number ?? 0, 'must be between 1 and 65535, inclusive')];
  });
};

const claimed: Rule = (spec) => [
  ...(asArray(spec['accessModes']).length === 0
    ? [required('spec.accessModes', 'at least 1 access mode is required')]
    : []),
  ...(at(spec, 'resources', 'requests', 'storage') === undefined ? [required('spec.resources[storage]')] : []),
];

const rules: { [kind: string]: Rule } = {
  Pod: (spec) => podSpecFaults(spec, 'spec'),
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: workload,
  DaemonSet: (spec, object) => [selecting, templated].flatMap((rule) => rule(spec, object)),
  Job: templated,
  CronJob: (spec) => [
    ...(asString(spec['schedule']) === '' ? [required('spec.schedule')] : []),
    ...podSpecFaults(
      asObject(at(spec, 'jobTemplate', 'spec', 'template', 'spec')),
      'spec.jobTemplate.spec.template.spec',
    ),
  ],
  Service: served,
  PersistentVolumeClaim: claimed,
  HorizontalPodAutoscaler: (spec) => [
    ...(asString(at(spec, 'scaleTargetRef', 'name')) === '' ? [required('spec.scaleTargetRef.name')] : []),
    ...(typeof spec['maxReplicas'] === 'number' ? [] : [required('spec.maxReplicas')]),
  ],
};

/** Refuses an object that lacks what its kind needs (422 with every faulty field). */
export function validateObject(kind: Kind, object: NewObject): void {
  const { name = '', generateName, labels } = object.metadata;
  const causes = [
    ...(name === '' && generateName !== undefined ? [] : nameFaults(kind.kind, name)),
    ...labelFaults(labels ?? {}, 'metadata.labels'),
    ...(rules[kind.kind]?.(asObject(object.spec), object) ?? []),
  ];
  if (causes.length > 0) throw invalid(kind, name, causes);
}

const fixedFields: { [kind: string]: string[] } = {
  Deployment: ['selector'],
  ReplicaSet: ['selector'],
  DaemonSet: ['selector'],
  Job: ['selector', 'template', 'completionMode'],
};

const statefulSetMayChange = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** Refuses a change of what is fixed once an object exists. */
export function validateUpdate(kind: Kind, current: KubeObject, wanted: KubeObject): void {
  const causes = updateFaults(kind.kind, asObject(current.spec), asObject(wanted.spec));
  const frozen = current['immutable'] === true && !isDeepStrictEqual(current['data'], wanted['data']);
  if (frozen) causes.push(forbiddenField('data', 'field is immutable when `immutable` is set'));
  if (causes.length > 0) throw invalid(kind, current.metadata.name, causes);
}

function updateFaults(kind: string, current: JsonObject, wanted: JsonObject): Cause[] {
  if (kind === 'Pod') return podUpdateFaults(current, wanted);
  if (kind === 'StatefulSet') return statefulSetFaults(current, wanted);
  return (fixedFields[kind] ?? [])
    .filter((field) => !isDeepStrictEqual(current[field], wanted[field]))
    .map((field) => invalidValue(`spec.${field}`, wanted[field] ?? null, 'field is immutable'));
}

function statefulSetFaults(current: JsonObject, wanted: JsonObject): Cause[] {
  const fields = new Set(
    [...Object.keys(current), ...Object.keys(wanted)].filter((field) => !statefulSetMayChange.includes(field)),
  );
  const changed = [...fields].some((field) => !isDeepStrictEqual(current[field], wanted[field]));
  if (!changed) return [];
  const list = statefulSetMayChange.map((field) => `'${field}'`);
  const why = `updates to statefulset spec for fields other than ${list.slice(0, -1).join(', ')} and ${list.at(-1)} are forbidden`;
  return [forbiddenField('spec', why)];
}
