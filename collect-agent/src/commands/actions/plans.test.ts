import { COMMANDS_ANNOTATION } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { isNoPlan } from '../change-plan.ts';
import { hashOf } from '../hash-of.ts';
import { hasMark, writeOf } from '../json-patch.ts';
import type { Workload } from '../kube-object.ts';
import { pickRevision, type ReplicaSet } from './pick-revision.ts';
import { planRestart } from './restart.ts';
import { planRollback } from './rollback.ts';
import { planScale } from './scale.ts';
import { planSetResources } from './set-resources.ts';

const template = (image: string) => ({
  metadata: { labels: { app: 'cart' } },
  spec: { containers: [{ name: 'app', image, resources: { limits: { memory: '64Mi' } } }] },
});
const deployment = (revision: number, annotations: Record<string, string> = {}): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'cart',
    namespace: 'shop',
    uid: 'd',
    resourceVersion: '7',
    annotations: { 'deployment.kubernetes.io/revision': String(revision), ...annotations },
  },
  spec: { replicas: 2, selector: {}, template: template(`app:${revision}`) },
});
const replicaSet = (revision: number, ready = 0): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `cart-${revision}`,
    uid: `rs-${revision}`,
    resourceVersion: '1',
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ kind: 'Deployment', name: 'cart', uid: 'd', controller: true }],
  },
  spec: {
    template: {
      ...template(`app:${revision}`),
      metadata: { labels: { app: 'cart', 'pod-template-hash': 'x' }, annotations: { [COMMANDS_ANNOTATION]: 'old' } },
    },
  },
  status: { readyReplicas: ready },
});
const never = () => undefined;

describe('pickRevision', () => {
  const pick = (sets: ReplicaSet[], readyFor: (uid: string) => number | undefined, toRevision?: number) =>
    pickRevision({ deployment: deployment(4), replicaSets: sets, readyFor, toRevision })?.metadata.name;

  it('takes the newest older one that has ready pods now', () => {
    expect(pick([replicaSet(1, 1), replicaSet(3, 0), replicaSet(2, 1), replicaSet(4, 2)], never)).toBe('cart-2');
  });

  it('prefers one that was healthy for a while to a newer one that was for a moment', () => {
    const readyFor = (uid: string) => ({ 'rs-1': 60_000, 'rs-2': 90_000, 'rs-3': 40 })[uid];
    expect(pick([replicaSet(1), replicaSet(2), replicaSet(3), replicaSet(4)], readyFor)).toBe('cart-2');
    expect(pick([replicaSet(3), replicaSet(4)], readyFor)).toBeUndefined();
  });

  it('finds none where none was ever healthy, and never the current one', () => {
    expect(pick([replicaSet(3), replicaSet(4, 2)], never)).toBeUndefined();
  });

  it('takes the one that was asked for, if it is older and there', () => {
    expect([2, 4, 9].map((to) => pick([replicaSet(2), replicaSet(4)], never, to))).toEqual([
      'cart-2',
      undefined,
      undefined,
    ]);
  });

  it('passes over ReplicaSets of another owner', () => {
    const foreign = replicaSet(3, 1);
    expect(pick([{ ...foreign, metadata: { ...foreign.metadata, ownerReferences: [] } }], never)).toBeUndefined();
  });
});

describe('plans', () => {
  it('goes back without what Kubernetes copied into the old revision', () => {
    const plan = planRollback(deployment(2), {
      replicaSets: [replicaSet(1, 1)],
      toRevision: undefined,
      readyFor: never,
    });
    expect(plan).toMatchObject({
      change: [
        { op: 'replace', path: '/spec/template', value: { metadata: { labels: { app: 'cart' }, annotations: {} } } },
      ],
      before: { revision: 2, 'spec.template.spec.containers[app].image': 'app:2' },
      after: { revision: 1, 'spec.template.spec.containers[app].image': 'app:1' },
      undo: { action: 'rollback_workload', parameters: { to_revision: 2 } },
    });
  });

  it('says why there is nothing to go back to', () => {
    const none = { replicaSets: [], readyFor: never };
    expect(planRollback(deployment(2), { ...none, toRevision: undefined })).toEqual({ problem: 'no_healthy_revision' });
    expect(planRollback(deployment(2), { ...none, toRevision: 1 })).toEqual({ problem: 'no_such_revision' });
  });

  it('sets resources beside those that are there', () => {
    const plan = planSetResources(deployment(1), {
      container: 'app',
      requests: { cpu: '1' },
      limits: { memory: '1Gi' },
    });
    expect(plan).toMatchObject({
      change: [
        {
          path: '/spec/template/spec/containers/0/resources',
          value: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
        },
      ],
      before: {
        'spec.template.spec.containers[app].resources.requests.cpu': null,
        'spec.template.spec.containers[app].resources.limits.memory': '64Mi',
      },
      undo: null,
    });
    const memory = planSetResources(deployment(1), { container: 'app', requests: {}, limits: { memory: '1Gi' } });
    expect(isNoPlan(memory) || memory.undo).toEqual({
      action: 'set_resources',
      parameters: { container: 'app', requests: {}, limits: { memory: '64Mi' } },
    });
  });

  it.each([
    ['no_such_container', { container: 'sidecar', requests: {}, limits: { memory: '1Gi' } }],
    ['nothing_to_set', { container: 'app', requests: {}, limits: {} }],
  ])('%s', (problem, wanted) => expect(planSetResources(deployment(1), wanted)).toEqual({ problem }));

  it('restarts a template that has no annotations yet', () => {
    const { change } = planRestart(deployment(1), new Date(0));
    expect(change.map(({ path }) => path)).toEqual([
      '/spec/template/metadata/annotations',
      '/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt',
    ]);
  });

  it('takes a scale back to what it was', () => {
    expect(planScale(deployment(1), { replicas: 5 }).undo).toEqual({
      action: 'scale_workload',
      parameters: { replicas: 2 },
    });
  });
});

describe('the write', () => {
  it('is bound to what was read and keeps the last ten marks', () => {
    const marks = Array.from({ length: 10 }, (_, index) => `c${index}`).join(',');
    const object = deployment(1, { [COMMANDS_ANNOTATION]: marks });
    const operations = writeOf({ object, id: 'run:step', change: [] });
    expect(operations).toEqual([
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
      {
        op: 'add',
        path: '/metadata/annotations/aetherius.io~1commands',
        value: 'c1,c2,c3,c4,c5,c6,c7,c8,c9,run:step',
      },
    ]);
    expect([hasMark(object, 'c0'), hasMark(object, 'run:step')]).toEqual([true, false]);
  });

  it('has one hash for equal values in any order', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(hashOf({ b: { d: [1, 2], c: 2 }, a: 1 }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
  });
});
