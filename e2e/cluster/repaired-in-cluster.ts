import type { Scenario } from '@aetherius/simulator';
import type { Bed } from './bed.ts';
import type { KubeObject } from './kubectl.ts';

type Container = {
  image?: string;
  env?: unknown;
  livenessProbe?: { httpGet?: { path?: string } };
  resources?: { limits?: { memory?: string } };
};
type Workload = KubeObject & {
  metadata: { annotations?: Record<string, string> };
  spec: { template?: { spec: { containers: Container[] } }; unschedulable?: boolean };
  status?: { availableReplicas?: number; replicas?: number };
};
type Trace = (now: Workload, applied: Workload | undefined) => string[];

const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem]);
const mark = ({ metadata }: Workload) => metadata.annotations?.['aetherius.io/commands'] ?? '';
const marked = (now: Workload) => unless(mark(now) !== '', 'no command is marked on it');
const available = ({ status }: Workload) =>
  unless(
    status?.replicas !== undefined && status.availableReplicas === status.replicas,
    'not all replicas are available',
  );

/** What makes one revision differ from another in the scenarios. */
const settings = ({ spec }: Workload) =>
  JSON.stringify(
    spec.template?.spec.containers.map(({ image, env, livenessProbe }) => [
      image,
      env ?? [],
      livenessProbe?.httpGet?.path,
    ]),
  );
const memory = ({ spec }: Workload) =>
  Number.parseInt(spec.template?.spec.containers[0]?.resources?.limits?.memory ?? '0', 10);

/** What each action must have left behind in the cluster, read past Aetherius and compared with what was applied first. */
const traces: Record<string, Trace> = {
  cordon_node: (now) => [...marked(now), ...unless(now.spec.unschedulable === true, 'the node is not cordoned')],
  set_resources: (now, applied) => [
    ...marked(now),
    ...available(now),
    ...unless(applied !== undefined && memory(now) > memory(applied), `the limit is ${memory(now)}Mi, not raised`),
  ],
  rollback_workload: (now, applied) => [
    ...marked(now),
    ...available(now),
    ...unless(
      applied !== undefined && settings(now) === settings(applied),
      `it runs with ${settings(now)}, not as before`,
    ),
  ],
};

/** Problems with what is in the cluster after a fault was dealt with. */
export async function repairedInCluster({ kubectl }: Bed, { expected, setup, fault }: Scenario): Promise<string[]> {
  const { kind, namespace, name } = expected.subject;
  const place = namespace === null || namespace === undefined ? [] : ['-n', namespace];
  const now = JSON.parse(await kubectl.run(['get', kind.toLowerCase(), name, ...place, '-o', 'json'])) as Workload;
  if (expected.action === null)
    return unless(mark(now) === '', `changed by ${mark(now)}, although it should only be escalated`);
  const objects = [...setup, ...fault.flatMap((step) => (step.kind === 'apply' ? [step.object] : []))];
  const applied = (objects as unknown as Workload[]).find(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  return traces[expected.action]?.(now, applied) ?? [`no trace is known for ${expected.action}`];
}
