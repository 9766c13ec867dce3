import { parseQuantity } from '@aetherius/shared/contracts';
import { exposeFigures, Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Clock } from '@aetherius/shared/service';
import type { Node } from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import type { Sample } from './sample.ts';

/** Older than this a measurement says nothing of now: it comes once a minute. */
const FRESH_MS = 300_000;

const has = (node: Node, type: string, status = 'True'): boolean =>
  node.status.conditions?.some((one) => one.type === type && one.status === status) === true;

const states: Record<string, (node: Node) => boolean> = {
  ready: (node) => has(node, 'Ready'),
  not_ready: (node) => !has(node, 'Ready'),
  disk_pressure: (node) => has(node, 'DiskPressure'),
  memory_pressure: (node) => has(node, 'MemoryPressure'),
  pid_pressure: (node) => has(node, 'PIDPressure'),
  network_unavailable: (node) => has(node, 'NetworkUnavailable'),
  unschedulable: (node) => node.spec.unschedulable === true,
};

/** How many nodes are in each state; a node may be in several. */
export const nodeStates = (nodes: readonly Node[]): [state: string, count: number][] =>
  Object.entries(states).map(([state, applies]) => [state, nodes.filter(applies).length]);

type Room = { memory: number | null; disk: number | null };
const least = (shares: readonly number[]): number | null => (shares.length === 0 ? null : Math.min(...shares));

/** The share that is free on the fullest node, of what these samples measure; nothing where they measure no node. */
export function roomIn(samples: readonly Sample[], nodes: readonly Node[]): Partial<Room> {
  const measured = (series: string) =>
    samples.flatMap(({ series: { name }, subject, points }) => {
      const value = points.at(-1)?.[1];
      return name === series && subject.kind === 'Node' && typeof value === 'number'
        ? [{ node: subject.name, value }]
        : [];
    });
  const memory = measured('memory_usage_bytes').flatMap(({ node, value }) => {
    const { status } = nodes.find(({ metadata }) => metadata.name === node) ?? {};
    const capacity = parseQuantity(status?.capacity?.['memory']);
    return capacity ? [1 - value / capacity] : [];
  });
  const disk = measured('node_disk_used_ratio').map(({ value }) => 1 - value);
  return { ...(memory.length > 0 ? { memory: least(memory) } : {}), ...(disk.length > 0 ? { disk: least(disk) } : {}) };
}

/** Where the leading agent's view and samples are shown; a replica that does not lead has neither. */
export type NodeMetrics = {
  /** Shows these until the answer is called. */
  show: (facts: Pick<Facts, 'all'>) => () => void;
  sampled: (samples: readonly Sample[]) => void;
};

/** Shows how nodes are, without their names: which one it is, an incident says. */
export function exposeNodes(metrics: Registry, clock: Clock): NodeMetrics {
  let nodes: () => readonly Node[] = () => [];
  const taken: { [What in keyof Room]?: { share: number | null; at: number } } = {};
  const fresh = (what: keyof Room): number | null => {
    const one = taken[what];
    return one === undefined || clock.monotonic() - one.at > FRESH_MS ? null : one.share;
  };
  new Gauge({
    name: 'aegis_node_health_status',
    help: 'Nodes by state; one may be in several',
    labelNames: ['condition'],
    registers: [metrics],
    collect() {
      for (const [condition, count] of nodeStates(nodes())) this.set({ condition }, count);
    },
  });
  exposeFigures({
    metrics,
    names: {
      memory: [
        'aetherius_agent_node_memory_available_ratio',
        'Share of memory that is free on the fullest node; absent without a metrics API',
      ],
      disk: [
        'aetherius_agent_node_disk_available_ratio',
        'Share of disk that is free on the fullest node; absent without a Prometheus that has it',
      ],
    },
    read: async () => ({ memory: fresh('memory'), disk: fresh('disk') }),
  });
  return {
    show: (facts) => {
      nodes = () => facts.all('Node');
      return () => {
        nodes = () => [];
        delete taken.memory;
        delete taken.disk;
      };
    },
    sampled: (samples) => {
      const at = clock.monotonic();
      for (const [what, share] of Object.entries(roomIn(samples, nodes())) as [keyof Room, number][])
        taken[what] = { share, at };
    },
  };
}
