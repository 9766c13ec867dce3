import { createMetrics } from '@aetherius/shared/metrics';
import { describe, expect, it } from '@jest/globals';
import type { Node } from '../kube/objects.ts';
import { exposeNodes, nodeStates, roomIn } from './node-metrics.ts';
import type { Sample } from './sample.ts';

const node = (name: string, conditions: Record<string, string>, spec: object = {}): Node =>
  ({
    kind: 'Node',
    metadata: { name },
    spec,
    status: {
      capacity: { memory: '8Gi' },
      conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })),
    },
  }) as unknown as Node;
const sample = (name: string, of: string, value: number | null, kind = 'Node'): Sample => ({
  series: { name, labels: {} },
  subject: { kind, namespace: null, name: of },
  points: [['2026-01-01T00:00:00Z', value]],
});
const nodes = [
  node('a', { Ready: 'True' }),
  node('b', { Ready: 'Unknown', DiskPressure: 'True' }, { unschedulable: true }),
];
const GIB = 1024 ** 3;

describe('the figures of nodes', () => {
  it('count a node in each state that it is in, and one that is not known to be ready as not ready', () => {
    expect(Object.fromEntries(nodeStates(nodes))).toEqual({
      ready: 1,
      not_ready: 1,
      disk_pressure: 1,
      memory_pressure: 0,
      pid_pressure: 0,
      network_unavailable: 0,
      unschedulable: 1,
    });
  });

  it('are those of the fullest node, and only of what was measured', () => {
    const samples = [sample('memory_usage_bytes', 'a', 2 * GIB), sample('memory_usage_bytes', 'b', 7 * GIB)];
    expect(roomIn(samples, nodes)).toEqual({ memory: 0.125 });
    expect(roomIn([sample('node_disk_used_ratio', 'a', 0.9)], nodes)).toEqual({ disk: expect.closeTo(0.1) });
    const strange = [
      sample('memory_usage_bytes', 'gone', GIB),
      sample('memory_usage_bytes', 'a', null),
      sample('memory_usage_bytes', 'a', 8 * GIB, 'Deployment'),
    ];
    expect(roomIn(strange, nodes)).toEqual({});
  });

  it('are shown while an agent leads, and no longer than they are fresh', async () => {
    let now = 0;
    const metrics = createMetrics('collect-agent');
    const shown = exposeNodes(metrics, { now: () => new Date(), monotonic: () => now } as never);
    const stop = shown.show({ all: () => nodes as never });
    shown.sampled([sample('memory_usage_bytes', 'b', 7 * GIB)]);
    const page = async () => metrics.metrics();
    expect(await page()).toContain('aetherius_agent_node_memory_available_ratio{service="collect-agent"} 0.125');
    expect(await page()).toContain('aegis_node_health_status{condition="disk_pressure",service="collect-agent"} 1');
    now = 300_001;
    expect(await page()).not.toContain('available_ratio{');
    shown.sampled([sample('memory_usage_bytes', 'b', 7 * GIB)]);
    stop();
    expect(await page()).not.toContain('available_ratio{');
    expect(await page()).toContain('aegis_node_health_status{condition="disk_pressure",service="collect-agent"} 0');
  });
});
