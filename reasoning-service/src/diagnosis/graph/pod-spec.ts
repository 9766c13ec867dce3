import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { objectAt, objectsAt, own, textsAt } from '../json-path.ts';
import type { Labels } from './label-selector.ts';

const templates: Record<string, string> = {
  Deployment: 'spec.template',
  ReplicaSet: 'spec.template',
  StatefulSet: 'spec.template',
  DaemonSet: 'spec.template',
  ReplicationController: 'spec.template',
  Job: 'spec.template',
  CronJob: 'spec.jobTemplate.spec.template',
};

/** Kinds that make pods from a template. */
export const workloadKinds: ReadonlySet<string> = new Set(Object.keys(templates));

/** The pod that an object is, or that it makes: its spec, its labels, and where in the body they stand. */
export type PodShape = { spec: JsonObject; labels: Labels; path: string };

export function podShapeOf({ kind, body }: BundleObject): PodShape | undefined {
  const at = kind === 'Pod' ? '' : own(templates, kind);
  if (at === undefined) return undefined;
  const prefix = at === '' ? '' : `${at}.`;
  const spec = objectAt(body, `${prefix}spec`);
  return spec === undefined
    ? undefined
    : { spec, labels: textsAt(body, `${prefix}metadata.labels`), path: `${prefix}spec` };
}

/** Init containers first, as they run. */
export const containersIn = (spec: JsonObject): JsonObject[] => [
  ...objectsAt(spec, 'initContainers'),
  ...objectsAt(spec, 'containers'),
];
