import type { Json } from '@aetherius/shared/contracts';
import { fakeClock } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import {
  aDeployment,
  ago,
  aJob,
  aNode,
  anEventOf,
  aPod,
  aReplicaSet,
  container,
  factsOf,
  NOW,
  notReady,
  ownedBy,
} from '../../test/objects.ts';
import type { Query } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { fromNode } from '../signals/from-node.ts';
import { fromPod } from '../signals/from-pod.ts';
import { fromWorkload } from '../signals/from-workload.ts';
import { createEventHistory } from '../watch/event-history.ts';
import { createEvidence } from './bundle.ts';

const refused = (path: string, code: number, reason: string) => new KubeError({ code, reason, message: reason, path });

/** A client of scripted answers by path; what is not in the script is forbidden. */
const scripted = (objects: Record<string, Json>, logs: Record<string, string>) => {
  const asked: string[] = [];
  return {
    asked,
    get: async (path: string): Promise<Json> => {
      asked.push(path);
      const found = objects[path];
      if (found === undefined) throw refused(path, 403, 'Forbidden');
      return found;
    },
    text: async (path: string, query: Query = {}): Promise<string> => {
      const found = logs[`${query['container']}/${query['previous']}`];
      if (found === undefined) throw refused(path, 0, 'Timeout');
      return found;
    },
  };
};

const ended = { terminated: { exitCode: 1, reason: 'Error', startedAt: ago(12), finishedAt: ago(10) } };
const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
const pod = aPod({
  status: notReady(10),
  containers: [container({ restartCount: 3, state: waiting, lastState: ended })],
});
const facts = factsOf(aDeployment({ status: { readyReplicas: 0 } }), aReplicaSet(), pod, aNode());

const gather = (client: ReturnType<typeof scripted>) => {
  const history = createEventHistory();
  history.put(anEventOf({ reason: 'BackOff', message: 'Back-off restarting failed container' }));
  const [signal] = fromPod(pod, facts, NOW);
  if (signal === undefined) throw new Error('the pod shows no fault');
  return createEvidence({ client, facts, history, cluster: 'eu-1', clock: fakeClock(ago(0)) })(signal);
};

const set = (revision: number, image: string): Json => ({
  metadata: {
    name: `cart-${revision}`,
    namespace: 'shop',
    creationTimestamp: ago(500 - revision * 100),
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ uid: 'u-cart' }],
  },
  spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
});

describe('evidence', () => {
  it('holds the object first, its pods, their last words of both runs, the Events and the last rollout', async () => {
    const env = [{ name: 'DB_PASSWORD', value: 'hunter2' }];
    const client = scripted(
      {
        '/apis/apps/v1/namespaces/shop/deployments/cart': {
          kind: 'Deployment',
          metadata: { name: 'cart', namespace: 'shop' },
          spec: { template: { spec: { containers: [{ name: 'app', env }] } } },
        },
        '/apis/apps/v1/namespaces/shop/replicasets': {
          kind: 'ReplicaSetList',
          apiVersion: 'apps/v1',
          items: [set(1, 'a'), set(2, 'b')],
        },
        '/api/v1/namespaces/shop/pods/cart-5d9c-x7k2p': {
          kind: 'Pod',
          metadata: { name: 'cart-5d9c-x7k2p', namespace: 'shop' },
        },
        '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': { items: [] },
        '/apis/policy/v1/namespaces/shop/poddisruptionbudgets': { items: [] },
      },
      { 'app/false': 'starting\n', 'app/true': 'starting\npanic: no settings\n' },
    );
    const bundle = await gather(client);
    expect(bundle.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment cart',
      'Pod cart-5d9c-x7k2p',
      'ReplicaSet cart-2',
      'ReplicaSet cart-1',
      'Node worker-1',
    ]);
    expect(bundle.logs.map(({ previous, lines }) => [previous, lines])).toEqual([
      [false, ['starting']],
      [true, ['starting', 'panic: no settings']],
    ]);
    expect(bundle.events).toMatchObject([{ id: 'event:e-1', reason: 'BackOff', component: 'kubelet' }]);
    expect(bundle.changes).toMatchObject([
      { from_revision: '1', to_revision: '2', fields: [{ before: 'a', after: 'b' }] },
    ]);
    expect(JSON.stringify(bundle)).not.toContain('hunter2');
    expect([bundle.cut, bundle.subject]).toEqual([[], { kind: 'Deployment', namespace: 'shop', name: 'cart' }]);
  });

  it('is made from what the agent holds when nothing may be read, and says what is missing', async () => {
    const bundle = await gather(scripted({}, {}));
    expect(bundle.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment cart',
      'Pod cart-5d9c-x7k2p',
      'Node worker-1',
    ]);
    expect(bundle.cut).toContain('/apis/apps/v1/namespaces/shop/deployments/cart: Forbidden');
    expect(bundle.cut).toContain('/api/v1/namespaces/shop/pods/cart-5d9c-x7k2p/log: Timeout');
  });

  it('holds what governs the workload: its autoscaler and the budget over its pods, and not those of others', async () => {
    const scaler = (name: string, target: string): Json => ({
      metadata: { name, namespace: 'shop' },
      spec: { maxReplicas: 4, scaleTargetRef: { kind: 'Deployment', name: target } },
    });
    const budget = (name: string, app: string): Json => ({
      metadata: { name, namespace: 'shop' },
      spec: { minAvailable: 1, selector: { matchLabels: { app } } },
    });
    const { objects } = await gather(
      scripted(
        {
          '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': {
            kind: 'HorizontalPodAutoscalerList',
            items: [scaler('cart', 'cart'), scaler('till', 'till')],
          },
          '/apis/policy/v1/namespaces/shop/poddisruptionbudgets': {
            kind: 'PodDisruptionBudgetList',
            items: [budget('cart', 'cart'), budget('till', 'till')],
          },
        },
        {},
      ),
    );
    const names = objects.map(({ kind, name }) => `${kind} ${name}`);
    expect(names).toEqual(expect.arrayContaining(['HorizontalPodAutoscaler cart', 'PodDisruptionBudget cart']));
    expect(names.filter((name) => name.endsWith(' till'))).toEqual([]);
  });

  it('holds the neighbours and the accounts whose names a workload may have meant', async () => {
    const events = createEventHistory();
    const missing = aPod({
      status: notReady(10),
      containers: [
        container({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'no such thing' } } }),
      ],
    });
    const held = factsOf(aDeployment({ status: { readyReplicas: 0 } }), aReplicaSet(), missing, aNode());
    const [signal] = fromPod(missing, held, NOW);
    if (signal === undefined) throw new Error('the pod shows no fault');
    const named = (name: string): Json => ({ metadata: { name, namespace: 'shop' } });
    const client = scripted(
      {
        '/apis/apps/v1/namespaces/shop/deployments': { kind: 'DeploymentList', items: [named('till')] },
        '/api/v1/namespaces/shop/serviceaccounts': { kind: 'ServiceAccountList', items: [named('cashier')] },
      },
      {},
    );
    const secure = createEvidence({ client, facts: held, history: events, cluster: 'eu-1', clock: fakeClock(ago(0)) });
    const { objects } = await secure(signal);
    expect(objects.slice(-2).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment till',
      'ServiceAccount cashier',
    ]);
    expect(client.asked.filter((path) => /secrets|configmaps/.test(path))).toEqual([]);
  });

  it('asks for no Secret and no ConfigMap', async () => {
    const client = scripted({}, {});
    await gather(client);
    expect(client.asked.filter((path) => /secrets|configmaps/.test(path))).toEqual([]);
  });

  it('has the last words of a Job that has given up, though none of its pods lives', async () => {
    const conditions = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', lastTransitionTime: ago(5) }];
    const job = aJob({ status: { failed: 1, conditions } });
    const last = aPod({
      metadata: ownedBy('Job', 'nightly'),
      status: { ...notReady(6), phase: 'Failed' },
      containers: [container({ state: ended, ready: false })],
    });
    const held = factsOf(job, last, aNode());
    const [signal] = fromWorkload(job, held, NOW);
    if (signal === undefined) throw new Error('the Job shows no fault');
    const client = scripted({}, { 'app/false': "sh: can't open '/scripts/move.sh'\n" });
    const history = createEventHistory();
    const secure = createEvidence({ client, facts: held, history, cluster: 'eu-1', clock: fakeClock(ago(0)) });
    const { objects, logs } = await secure(signal);
    expect(objects.map(({ kind }) => kind)).toEqual(['Job', 'Pod', 'Node']);
    expect(logs.map(({ lines }) => lines)).toEqual([["sh: can't open '/scripts/move.sh'"]]);
  });

  it('holds beside a node that is not well one where its pods can go, and none where nobody can', async () => {
    const gone = { Ready: { status: 'Unknown', reason: 'NodeStatusUnknown', lastTransitionTime: ago(10) } };
    const named = (name: string, parts = {}) => aNode(parts, { name, uid: `u-${name}` });
    const closed = { ...named('worker-2'), spec: { unschedulable: true } };
    const kept = { ...named('worker-3'), spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } };
    const nodesIn = async (...others: ReturnType<typeof aNode>[]) => {
      const lost = aNode(gone);
      const held = factsOf(lost, ...others);
      const [signal] = fromNode(lost, NOW);
      if (signal === undefined) throw new Error('the node shows no fault');
      const history = createEventHistory();
      const client = scripted({}, {});
      const secure = createEvidence({ client, facts: held, history, cluster: 'eu-1', clock: fakeClock(ago(0)) });
      return (await secure(signal)).objects.map(({ name }) => name);
    };
    expect(await nodesIn(closed, kept, named('worker-4', gone))).toEqual(['worker-1']);
    expect(await nodesIn(closed, named('worker-5'), named('worker-6'))).toEqual(['worker-1', 'worker-5']);
  });
});
