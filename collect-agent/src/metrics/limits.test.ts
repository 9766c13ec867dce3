import { describe, expect, it } from '@jest/globals';
import { KubeError } from '../kube/kube-error.ts';
import { limitSamplesOf, readLimits } from './limits.ts';

const at = '2026-03-01T10:00:00.000Z';
const metadata = { namespace: 'shop', name: 'one' };
const told = (kind: string, spec: object, status: object) =>
  limitSamplesOf(kind, [{ metadata, spec: { ...spec }, status: { ...status } }], at).map(({ series, points }) => [
    series.name,
    series.labels['resource'] ?? null,
    points[0]?.[1],
  ]);

describe('limits that stand in objects', () => {
  it('are used over hard of each resource of a quota', () => {
    const hard = { pods: '10', 'requests.memory': '2Gi', 'services.nodeports': '0', strange: 'many' };
    const used = { pods: '7', 'requests.memory': '512Mi', 'services.nodeports': '0', strange: '1' };
    expect(told('ResourceQuota', {}, { hard, used })).toEqual([
      ['quota_used_ratio', 'pods', 0.7],
      ['quota_used_ratio', 'requests.memory', 0.25],
    ]);
  });

  it('are replicas over the most of an autoscaler that can scale', () => {
    const status = { currentReplicas: 8 };
    expect(told('HorizontalPodAutoscaler', { maxReplicas: 10 }, status)).toEqual([
      ['autoscaler_replicas_ratio', null, 0.8],
    ]);
    expect(told('HorizontalPodAutoscaler', { minReplicas: 8, maxReplicas: 8 }, status)).toEqual([]);
    expect(told('HorizontalPodAutoscaler', { maxReplicas: '10' }, {})).toEqual([]);
  });

  it('are the end of a certificate, and none of one that was never issued', () => {
    expect(told('Certificate', {}, { notAfter: '2026-03-02T10:00:00Z' })).toEqual([
      ['certificate_not_after_seconds', null, Date.parse(at) / 1000 + 86_400],
    ]);
    expect(told('Certificate', {}, { notAfter: 'soon' })).toEqual([]);
  });

  it('are told of the kinds that may be read, with those that may not', async () => {
    const list = async (path: string) => {
      if (path.includes('cert-manager')) throw new KubeError({ code: 403, reason: 'Forbidden', message: 'no', path });
      return { items: path.endsWith('quotas') ? [{ metadata, status: { hard: { pods: 2 }, used: { pods: 1 } } }] : [] };
    };
    const client = { list, text: () => Promise.reject(new Error('no log is read')) };
    const { samples, unread } = await readLimits(client, { namespaces: ['shop'], at });
    expect(samples).toHaveLength(1);
    expect([...unread]).toEqual(['Certificate']);
  });
});
