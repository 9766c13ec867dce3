import { expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'bake', controller: true };
const pod = (name: string, status: object, owners: object[] = [job]) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'mill', uid: name, ownerReferences: owners } },
  ...{ spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'bake:1' }] }, status },
});
const goneFor = (reason: string) => ({
  ...{ phase: 'Failed', reason: 'Preempting', startTime: '2026-11-20T09:00:00Z' },
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason }],
});
const up = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const told = (...items: object[]) => pasted({ 'pods.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });

it.each(['PreemptionByScheduler', 'EvictionByEvictionAPI'])(
  'a pod that %s made to go is no fault where its owner has another',
  (reason) => {
    expect(told(pod('bake-1', goneFor(reason)), pod('bake-2', up)).category).toBe('no_incident');
  },
);

it('a pod that went with its node, or that nobody makes anew, is none that is over', () => {
  const byNode = told(pod('bake-1', goneFor('DeletionByTaintManager')), pod('bake-2', up));
  const bare = told(pod('bake-1', goneFor('PreemptionByScheduler'), []), pod('bake-2', up));
  for (const found of [byNode, bare]) expect(inShort(found)).not.toContain('no_incident');
});
