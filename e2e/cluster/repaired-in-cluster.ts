import type { Scenario } from '@aetherius/simulator';
import type { Bed } from './bed.ts';
import type { KubeObject } from './kubectl.ts';

type Workload = KubeObject & {
  metadata: { generation?: number; annotations?: Record<string, string> };
  spec: {
    template: { spec: { containers: { resources?: { limits?: { memory?: string } } }[] } };
    unschedulable?: boolean;
  };
  status?: { availableReplicas?: number; replicas?: number };
};

const mark = ({ metadata }: Workload) => metadata.annotations?.['aetherius.io/commands'] ?? '';

/** What each action must have left behind in the cluster, read past Aetherius; nothing at all where it only escalates. */
const traces: Record<string, (object: Workload) => string[]> = {
  cordon_node: ({ spec }) => (spec.unschedulable === true ? [] : ['the node is not cordoned']),
  set_resources: (object) => [...available(object), ...(mark(object) === '' ? ['no command is marked on it'] : [])],
  rollback_workload: (object) => [...available(object), ...(mark(object) === '' ? ['no command is marked on it'] : [])],
};

const available = ({ status }: Workload): string[] =>
  status?.replicas !== undefined && status.availableReplicas === status.replicas
    ? []
    : ['not all replicas are available'];

/** Problems with what is in the cluster after a fault was dealt with. */
export async function repairedInCluster({ kubectl }: Bed, { expected }: Scenario): Promise<string[]> {
  const { kind, namespace, name } = expected.subject;
  const place = namespace === null || namespace === undefined ? [] : ['-n', namespace];
  const object = JSON.parse(await kubectl.run(['get', kind.toLowerCase(), name, ...place, '-o', 'json'])) as Workload;
  if (expected.action === null)
    return mark(object) === '' ? [] : [`changed by ${mark(object)}, although it should only be escalated`];
  return traces[expected.action]?.(object) ?? [`no trace is known for ${expected.action}`];
}
