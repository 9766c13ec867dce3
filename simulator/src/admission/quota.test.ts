import { describe, expect, it } from '@jest/globals';
import { type Counted, quotaRefusal } from './quota.ts';

const quota = (hard: { [name: string]: string }): Counted => ({
  kind: 'ResourceQuota',
  metadata: { name: 'team' },
  spec: { hard },
});

const pod = (
  name: string,
  resources: { [side: string]: { [name: string]: string } } = {},
  phase = 'Running',
): Counted => ({
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', resources }] },
  status: { phase },
});

describe('quotaRefusal', () => {
  it('lets in what fits', () => {
    const existing = [pod('a')];
    expect(quotaRefusal({ object: pod('b'), quotas: [quota({ pods: '2' })], existing })).toBeUndefined();
  });

  it('names what is requested, used and limited', () => {
    const existing = [pod('a'), pod('b')];
    expect(quotaRefusal({ object: pod('c'), quotas: [quota({ pods: '2' })], existing })).toBe(
      'exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2',
    );
  });

  it('adds up amounts and writes them in their own units', () => {
    const existing = [pod('a', { requests: { cpu: '1500m', memory: '1Gi' } })];
    const object = pod('b', { requests: { cpu: '600m', memory: '1536Mi' } });
    const quotas = [quota({ 'requests.cpu': '2', 'requests.memory': '2Gi' })];
    expect(quotaRefusal({ object, quotas, existing })).toBe(
      'exceeded quota: team, requested: requests.cpu=600m,requests.memory=1536Mi, used: requests.cpu=1500m,requests.memory=1Gi, limited: requests.cpu=2,requests.memory=2Gi',
    );
  });

  it('does not count pods that have ended', () => {
    const existing = [pod('a', {}, 'Succeeded'), pod('b', {}, 'Failed')];
    expect(quotaRefusal({ object: pod('c'), quotas: [quota({ pods: '1' })], existing })).toBeUndefined();
  });

  it('demands that limited resources are stated', () => {
    expect(quotaRefusal({ object: pod('a'), quotas: [quota({ 'limits.memory': '1Gi' })], existing: [] })).toBe(
      'failed quota: team: must specify limits.memory for: app',
    );
  });

  it('counts objects by their resource name', () => {
    const map = (name: string): Counted => ({ kind: 'ConfigMap', metadata: { name } });
    const quotas = [quota({ 'count/configmaps': '1' })];
    expect(quotaRefusal({ object: map('b'), quotas, existing: [map('a')] })).toBe(
      'exceeded quota: team, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1',
    );
  });
});
