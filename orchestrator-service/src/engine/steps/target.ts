import { type JsonObject, ObjectRef, type Subject, type WriteAction } from '@aetherius/shared/contracts';
import { z } from 'zod';
import type { Scope } from '../scope.ts';

const apiVersions: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Node: 'v1',
  Service: 'v1',
  Namespace: 'v1',
  ConfigMap: 'v1',
  PersistentVolumeClaim: 'v1',
  PersistentVolume: 'v1',
  ResourceQuota: 'v1',
  Event: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  StorageClass: 'storage.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
};

/** The object that a subject means, not yet pinned to a uid; undefined for a kind that no action knows. */
export function refOf(subject: Subject): ObjectRef | undefined {
  const api_version = apiVersions[subject.kind];
  return api_version === undefined ? undefined : { api_version, ...subject, uid: null };
}

/** What a write is aimed at: the target of the recommendation for this very action, else what is broken. */
export function writeTarget(action: WriteAction, { diagnosis, run }: Scope): Subject {
  const advice = diagnosis?.recommendations.find((one) => one.action === action);
  return advice?.target ?? diagnosis?.subject ?? run.incident.subject;
}

const Found = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});

/** An object as the agent read it. */
export type FoundObject = z.infer<typeof Found>;

/** The object in the output of a `get`, or undefined when there is none with a uid. */
export const foundObject = (output: JsonObject | null): FoundObject | undefined =>
  Found.safeParse(output?.['object']).data;

/** The object that the remediation is pinned to, as its `get` found it. */
export const pinned = (scope: Scope): ObjectRef => ObjectRef.parse(scope.steps['get']?.output['ref']);
