import { describe, expect, it } from '@jest/globals';
import type { Condition, Node, Taint } from '../types.ts';
import { staySeconds, taintsFor } from './taint-rules.ts';

const now = '2026-01-01T00:00:00Z';
const node = (conditions: Condition[], spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  spec,
  status: { conditions },
});
const short = (taints: readonly Taint[]) =>
  taints.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);

describe('taints of a node', () => {
  it.each([
    ['healthy', node([{ type: 'Ready', status: 'True' }]), []],
    ['silent', node([{ type: 'Ready', status: 'Unknown' }]), ['unreachable:NoSchedule', 'unreachable:NoExecute']],
    ['not ready', node([{ type: 'Ready', status: 'False' }]), ['not-ready:NoSchedule', 'not-ready:NoExecute']],
    ['short of disk', node([{ type: 'DiskPressure', status: 'True' }]), ['disk-pressure:NoSchedule']],
    ['cordoned', node([], { unschedulable: true }), ['unschedulable:NoSchedule']],
  ])('%s', (_case, subject, taints) => {
    expect(short(taintsFor(subject, now))).toEqual(taints);
  });

  it('keeps the taints of others and the time of its own', () => {
    const own = {
      key: 'node.kubernetes.io/disk-pressure',
      effect: 'NoSchedule' as const,
      timeAdded: '2025-01-01T00:00:00Z',
    };
    const other = { key: 'pool', value: 'x', effect: 'NoSchedule' as const };
    const taints = taintsFor(node([{ type: 'DiskPressure', status: 'True' }], { taints: [own, other] }), now);
    expect(taints).toEqual([other, own]);
    expect(taintsFor(node([], { taints: [own, other] }), now)).toEqual([other]);
  });
});

describe('how long a pod may stay', () => {
  const taint = { key: 'k', effect: 'NoExecute' as const };

  it('for ever without such a taint, or when it bears it for good', () => {
    expect(staySeconds([{ key: 'k', effect: 'NoSchedule' }], [])).toBe(Number.POSITIVE_INFINITY);
    expect(staySeconds([taint], [{ operator: 'Exists' }])).toBe(Number.POSITIVE_INFINITY);
  });

  it('not at all when it does not bear it, and for the shortest time that it states', () => {
    expect(staySeconds([taint], [])).toBe(0);
    const tolerations = [300, 60].map((tolerationSeconds) => ({
      key: 'k',
      operator: 'Exists' as const,
      tolerationSeconds,
    }));
    expect(staySeconds([taint], tolerations)).toBe(60);
  });
});
