import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { healthInWords } from '../../offline/health-words.ts';
import { reportWords } from '../../offline/report-words.ts';
import { readFacts } from '../facts.ts';
import { clusterHealth } from './cluster-health.ts';

const object = (kind: string, name: string, namespace: string | null, body: JsonObject): BundleObject => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body,
});
const node = (name: string, status: string, spec: JsonObject = {}, others: JsonObject[] = []) =>
  object('Node', name, null, { spec, status: { conditions: [...others, { type: 'Ready', status }] } });
const pod = (name: string, namespace: string, ready: string, labels: JsonObject = {}) =>
  object('Pod', name, namespace, {
    metadata: { labels },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  });
const factsOf = (...objects: BundleObject[]) =>
  readFacts(aBundle({ at: '2026-01-02T03:04:05.000Z', objects, events: [], logs: [], changes: [] }));

describe('the health check', () => {
  it('counts nodes, pods, the control plane, workloads and faults', () => {
    const facts = factsOf(
      node('n1', 'True'),
      node('n2', 'Unknown', { unschedulable: true }),
      node('n3', 'True', {}, [{ type: 'DiskPressure', status: 'True' }]),
      pod('kube-apiserver-n1', 'kube-system', 'True', { component: 'kube-apiserver' }),
      pod('coredns-1', 'kube-system', 'False'),
      pod('web-1', 'shop', 'True'),
      object('Deployment', 'web', 'shop', { spec: { replicas: 1 }, status: { readyReplicas: 1, updatedReplicas: 1 } }),
    );
    const faults = [aDiagnosis({ severity: 'critical' }), aDiagnosis({ category: 'unknown', severity: 'high' })];
    const health = clusterHealth(facts, faults);
    expect(health).toEqual({
      status: 'degraded',
      nodes: { total: 3, ready: 2, not_ready: ['n2'], unwell: ['n2', 'n3'], cordoned: ['n2'] },
      pods: { total: 3, by_phase: { Running: 3 }, by_health: { healthy: 2, broken: 1 } },
      control_plane: { total: 1, well: 1, starting: 0, unwell: [] },
      system_pods: { total: 2, well: 1, starting: 0, unwell: ['Pod kube-system/coredns-1'] },
      workloads: { Deployment: { total: 1, well: 1, starting: 0, unwell: [] } },
      findings: { critical: 1, high: 0, medium: 0, low: 0, unknown: 1 },
    });
    expect(healthInWords(health, reportWords.en)).toContain(
      'Nodes: 2 of 3 ready (not n2), ready but not well (n3), cordoned (n2)',
    );
  });

  it('tells what is starting apart from what is well', () => {
    const made = { metadata: { creationTimestamp: '2026-01-02T03:03:05.000Z' }, spec: { replicas: 2 } };
    const status = { readyReplicas: 0, updatedReplicas: 2 };
    const leaving = { metadata: { deletionTimestamp: '2026-01-02T03:04:00.000Z' }, status: { phase: 'Running' } };
    const facts = factsOf(
      object('Deployment', 'web', 'shop', { ...made, status }),
      object('Pod', 'coredns-1', 'kube-system', leaving),
      object('CronJob', 'nightly', 'shop', { spec: { schedule: '0 3 * * *' }, status: {} }),
    );
    const words = healthInWords(clusterHealth(facts, []), reportWords.en);
    expect(words).toContain('Deployments: 0 of 1 well, 1 starting');
    expect(words).toContain('Pods of kube-system: 0 of 1 well');
    expect(words).toContain('CronJobs: 1, whose status does not tell how they fare');
  });

  it('does not call a young workload starting one of whose pods is broken', () => {
    const made = { metadata: { creationTimestamp: '2026-01-02T03:03:05.000Z' }, spec: { replicas: 1 } };
    const crashing = object('Pod', 'db-0', 'shop', {
      metadata: { ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }] },
      status: {
        phase: 'Running',
        containerStatuses: [
          { name: 'db', ready: false, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        ],
      },
    });
    const facts = factsOf(object('StatefulSet', 'db', 'shop', { ...made, status: { readyReplicas: 0 } }), crashing);
    expect(clusterHealth(facts, []).workloads).toEqual({
      StatefulSet: { total: 1, well: 0, starting: 0, unwell: ['StatefulSet shop/db'] },
    });
  });

  it('says nothing of what was not read', () => {
    const health = clusterHealth(factsOf(), []);
    expect(health).toMatchObject({
      status: 'unknown',
      nodes: null,
      pods: null,
      control_plane: null,
      system_pods: null,
    });
    expect(healthInWords(health, reportWords.en)).toEqual(['Status: unknown', expect.stringMatching(/^Faults: /)]);
  });

  it('is healthy only where something healthy was seen', () => {
    expect(clusterHealth(factsOf(node('n1', 'True')), []).status).toBe('healthy');
    expect(clusterHealth(factsOf(node('n1', 'True')), [aDiagnosis({ severity: 'medium' })]).status).toBe('warning');
    const deployment = object('Deployment', 'web', 'shop', { spec: { replicas: 1 }, status: { readyReplicas: 1 } });
    expect(clusterHealth(factsOf(deployment), []).status).toBe('healthy');
  });

  it('is not healthy where an answer was left open', () => {
    const open = aDiagnosis({ category: 'unknown', status: 'abstained', severity: 'low' });
    expect(clusterHealth(factsOf(node('n1', 'True')), [open]).status).toBe('unknown');
  });
});
