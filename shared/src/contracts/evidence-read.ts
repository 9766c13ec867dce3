import { z } from 'zod';
import { maybe } from './fields.ts';

/** Reads that one diagnosis may ask for: what stands nearest to the fault, and no more than an agent answers at once. */
export const MAX_READS = 4;
/** Lines of each container that the first evidence holds. */
export const FIRST_LOG_LINES = 50;

const namespace = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace of Kubernetes');
const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'a name of a Kubernetes object');
const container = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a name of a container');

/** Kinds that evidence may be asked of; nothing in which people keep secrets. */
const Kind = z.enum([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'ResourceQuota',
  'HorizontalPodAutoscaler',
  'StorageClass',
  'Node',
]);

const words = {
  what: z.string().max(400).meta({ description: 'What it would show, for people' }),
  command: z.string().max(800).meta({ description: 'The kubectl command that reads the same, for people' }),
};
const ObjectRead = z.object({
  action: z.enum(['get', 'describe', 'events']),
  target: z.object({ kind: Kind, namespace: maybe(namespace), name }),
  parameters: z.object({}).default({}),
  ...words,
});
const LogRead = z.object({
  action: z.literal('logs'),
  target: z.object({ kind: z.literal('Pod'), namespace, name }),
  parameters: z.object({ container, previous: z.boolean(), tail_lines: z.int().min(1).max(2000) }),
  ...words,
});

/** Evidence that is missing, as a read that an agent can carry out: nothing in it is free text that reaches a cluster. */
export const EvidenceRead = z.discriminatedUnion('action', [ObjectRead, LogRead]);
export type EvidenceRead = z.infer<typeof EvidenceRead>;
