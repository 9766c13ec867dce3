import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { conditionOf } from '../controllers/conditions.ts';
import { startTestCluster, type TestCluster } from '../controllers/test-cluster.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../controllers/types.ts';
import { copyJson } from '../store/json.ts';
import { healthy, inject, runScenario, setUp } from './run-scenario.ts';
import { loadBaseCluster, loadScenarios } from './scenario.ts';

type Written = { type: 'Normal' | 'Warning'; reason: string; kind: string; from: string; message: RegExp };

const written = (line: string, message: RegExp): Written => {
  const [type = '', reason = '', kind = '', from = ''] = line.split(' ');
  return { type: type as Written['type'], reason, kind, from, message };
};

const restarted = written(
  'Warning BackOff Pod kubelet',
  /^Back-off restarting failed container \S+ in pod \S+_\S+\(\S+\)$/,
);

/** The events of each fault as the real components write them: type, reason, kind, writer, message. */
const expectedEvents: Record<string, Written[]> = {
  oom_killed: [restarted],
  crash_loop_app_error: [restarted],
  image_pull_failure: [
    written('Warning Failed Pod kubelet', /^Failed to pull image "\S+": rpc error: code = NotFound .*: not found$/),
    written('Warning Failed Pod kubelet', /^Error: ErrImagePull$/),
    written('Normal BackOff Pod kubelet', /^Back-off pulling image "\S+"$/),
    written('Warning Failed Pod kubelet', /^Error: ImagePullBackOff$/),
  ],
  probe_liveness_misconfigured: [
    written('Warning Unhealthy Pod kubelet', /^Liveness probe failed: HTTP probe failed with statuscode: 404$/),
    written('Normal Killing Pod kubelet', /^Container payments-api failed liveness probe, will be restarted$/),
    restarted,
  ],
  unschedulable_insufficient_resource: [
    written(
      'Warning FailedScheduling Pod default-scheduler',
      /^0\/5 nodes are available: 2 node\(s\) had untolerated taint\(s\), 3 Insufficient cpu\. no new claims to deallocate, preemption: 0\/5 nodes are available: 5 Preemption is not helpful for scheduling\.$/,
    ),
  ],
  missing_configmap: [written('Warning Failed Pod kubelet', /^Error: configmap "order-router-settings" not found$/)],
  missing_secret: [written('Warning Failed Pod kubelet', /^Error: secret "smtp-credentials" not found$/)],
  pvc_storageclass_missing: [
    written(
      'Warning ProvisioningFailed PersistentVolumeClaim persistentvolume-controller',
      /^storageclass\.storage\.k8s\.io "fast-replicated" not found$/,
    ),
    written(
      'Warning FailedScheduling Pod default-scheduler',
      /^0\/5 nodes are available: pod has unbound immediate PersistentVolumeClaims\./,
    ),
  ],
  node_not_ready: [
    written('Normal NodeNotReady Node node-controller', /^Node worker-4 status is now: NodeNotReady$/),
    written('Warning NodeNotReady Pod node-controller', /^Node is not ready$/),
    written(
      'Normal TaintManagerEviction Pod taint-eviction-controller',
      /^Marking for deletion Pod search\/search-index-/,
    ),
  ],
  node_disk_pressure_eviction: [
    written('Warning EvictionThresholdMet Node kubelet', /^Attempting to reclaim ephemeral-storage$/),
    written('Normal NodeHasDiskPressure Node kubelet', /^Node worker-5 status is now: NodeHasDiskPressure$/),
    written('Warning Evicted Pod kubelet', /^The node was low on resource: ephemeral-storage\. Threshold quantity: /),
  ],
  quota_exceeded: [
    written(
      'Warning FailedCreate ReplicaSet replicaset-controller',
      /^Error creating: pods "load-generator-\S+" is forbidden: exceeded quota: staging-compute, requested: requests\.cpu=300m, used: requests\.cpu=900m, limited: requests\.cpu=1$/,
    ),
  ],
};

let run: TestCluster;

beforeEach(async () => {
  jest.useFakeTimers();
  run = startTestCluster(jest);
  setUp(loadBaseCluster().setup, run);
  await run.advance(60);
});

afterEach(() => {
  run.stop();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const scenarioNamed = (name: string) => {
  const found = loadScenarios().find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
};

async function broken(name: string, seconds = 300): Promise<void> {
  const running = runScenario(scenarioNamed(name), run);
  await run.advance(60);
  await running;
  await run.advance(seconds);
}

function deployment(namespace: string, name: string): Deployment {
  const found = run.objects.get('Deployment', namespace, name);
  if (found === undefined) throw new Error(`no deployment ${name}`);
  return found;
}

const isComplete = ({ status, spec }: Deployment): boolean =>
  conditionOf(status?.conditions, 'Available')?.status === 'True' &&
  status?.updatedReplicas === spec.replicas &&
  status?.availableReplicas === spec.replicas &&
  status?.replicas === spec.replicas;

function setsOf(namespace: string, name: string): ReplicaSet[] {
  return run.objects
    .list('ReplicaSet', namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
}

/** What `kubectl rollout undo` does: the template of the revision before, without the hash label. */
function rollBack(namespace: string, name: string): void {
  const before = setsOf(namespace, name).find(
    ({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'] === '1',
  );
  const template = copyJson(before?.spec.template) as PodTemplate;
  delete template.metadata?.labels?.['pod-template-hash'];
  run.objects.mutate(deployment(namespace, name), (draft) => {
    draft.spec.template = template;
  });
}

const stateOf = (namespace: string, prefix: string) =>
  run.pods(namespace, prefix).map(({ status }) => status?.containerStatuses?.[0]);

describe('every scenario', () => {
  it.each(Object.entries(expectedEvents))('%s writes the events of the real components', async (name, events) => {
    await broken(name, 600);
    for (const { type, reason, kind, from, message } of events) {
      const found = run.events({ reason, kind, type }).filter((event) => message.test(event.message));
      const writers = [...new Set(found.map(({ reportingComponent }) => reportingComponent))];
      expect({ reason, writers }).toEqual({ reason, writers: [from] });
    }
  });

  it.each(loadScenarios().map((scenario) => [scenario.name, scenario] as const))(
    '%s names a subject that exists',
    async (name, { expected }) => {
      await broken(name, 1);
      const { kind, namespace, name: subject } = expected.subject;
      expect(run.store.get(kind, namespace ?? undefined, subject)?.metadata.name).toBe(subject);
    },
  );
});

describe('repairs that Aetherius can make', () => {
  it('a raised memory limit ends the kills', async () => {
    await broken('oom_killed');
    const [status] = stateOf('shop', 'image-resizer');
    expect(status?.lastState.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
    expect(status?.state.waiting?.reason).toBe('CrashLoopBackOff');
    expect(run.events({ reason: 'OOMKilling' })).toEqual([]);
    run.objects.mutate(deployment('shop', 'image-resizer'), (draft) => {
      for (const { resources } of draft.spec.template.spec.containers)
        Object.assign(resources?.limits ?? {}, { memory: '200Mi' });
    });
    await run.advance(60);
    expect(isComplete(deployment('shop', 'image-resizer'))).toBe(true);
  });

  it('a roll back ends the crash loop and leaves its log behind', async () => {
    await broken('crash_loop_app_error');
    const [pod] = run.pods('shop', 'checkout');
    const log = { namespace: 'shop', pod: pod?.metadata.name ?? '', container: 'checkout', previous: true };
    expect(run.cluster.readLog(log)?.join('\n')).toMatch(/cannot parse PAYMENT_TIMEOUT: invalid duration "30 seconds"/);
    rollBack('shop', 'checkout');
    await run.advance(60);
    expect(isComplete(deployment('shop', 'checkout'))).toBe(true);
    expect(setsOf('shop', 'checkout')).toHaveLength(2);
    expect(deployment('shop', 'checkout').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  it('a roll back takes the image that cannot be pulled out of the roll-out, and most pods never stopped', async () => {
    await broken('image_pull_failure', 700);
    const { status } = deployment('shop', 'storefront');
    expect(conditionOf(status?.conditions, 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(status?.availableReplicas).toBe(3);
    rollBack('shop', 'storefront');
    await run.advance(60);
    expect(isComplete(deployment('shop', 'storefront'))).toBe(true);
    expect(conditionOf(deployment('shop', 'storefront').status?.conditions, 'Progressing')?.reason).toBe(
      'NewReplicaSetAvailable',
    );
  });

  it('a roll back ends the restarts by the liveness probe', async () => {
    await broken('probe_liveness_misconfigured');
    expect(stateOf('payments', 'payments-api').some((status) => (status?.restartCount ?? 0) >= 3)).toBe(true);
    rollBack('payments', 'payments-api');
    await run.advance(60);
    expect(isComplete(deployment('payments', 'payments-api'))).toBe(true);
  });
});

describe('node faults, contained by a cordon', () => {
  it('a silent node keeps its pods as terminating ones while others replace them elsewhere', async () => {
    await broken('node_not_ready', 500);
    const node = run.objects.get('Node', undefined, 'worker-4');
    expect(conditionOf(node?.status?.conditions, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
    });
    expect(node?.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual(
      expect.arrayContaining(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']),
    );
    cordon('worker-4');
    await run.advance(30);
    const stuck = run.pods('search', 'search-index').filter(({ spec }) => spec.nodeName === 'worker-4');
    expect(stuck.map(({ status, metadata }) => [status?.phase, metadata.deletionTimestamp !== undefined])).toEqual([
      ['Running', true],
      ['Running', true],
    ]);
    expect(isComplete(deployment('search', 'search-index'))).toBe(true);
  });

  it('a node that comes back is rid of its taints and of the pods that were to go', async () => {
    await broken('node_not_ready', 500);
    run.cluster.startNode('worker-4');
    await run.advance(60);
    expect(run.objects.get('Node', undefined, 'worker-4')?.spec?.taints?.map(({ key }) => key)).toEqual(['pool']);
    expect(run.pods('search', 'search-index')).toHaveLength(2);
  });

  it('a full disk throws pods out, and they stay as failed ones', async () => {
    await broken('node_disk_pressure_eviction', 120);
    cordon('worker-5');
    await run.advance(30);
    const evicted = run.pods('media', 'thumbnailer').filter(({ spec }) => spec.nodeName === 'worker-5');
    expect(evicted.map(({ status }) => [status?.phase, status?.reason])).toEqual([
      ['Failed', 'Evicted'],
      ['Failed', 'Evicted'],
    ]);
    expect(run.objects.get('Node', undefined, 'worker-5')?.spec?.taints?.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['node.kubernetes.io/disk-pressure', 'node.kubernetes.io/unschedulable']),
    );
    expect(isComplete(deployment('media', 'thumbnailer'))).toBe(true);
  });

  function cordon(name: string): void {
    const node = run.objects.get('Node', undefined, name);
    if (node === undefined) throw new Error(`no node ${name}`);
    run.objects.mutate(node, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: true };
    });
  }
});

describe('what only a person can mend', () => {
  it('the pods start once the ConfigMap is there', async () => {
    await broken('missing_configmap');
    expect(stateOf('orders', 'order-router')[0]?.state.waiting?.reason).toBe('CreateContainerConfigError');
    run.put({
      kind: 'ConfigMap',
      metadata: { name: 'order-router-settings', namespace: 'orders' },
      data: { MODE: 'fast' },
    });
    await run.advance(60);
    expect(isComplete(deployment('orders', 'order-router'))).toBe(true);
  });

  it('the pod starts once the Secret is there', async () => {
    await broken('missing_secret');
    run.put({
      kind: 'Secret',
      metadata: { name: 'smtp-credentials', namespace: 'payments' },
      stringData: { password: 'x' },
    });
    await run.advance(60);
    expect(isComplete(deployment('payments', 'invoice-mailer'))).toBe(true);
  });

  it('the claim is bound and the pod starts once the storage class is there', async () => {
    await broken('pvc_storageclass_missing');
    run.put({ kind: 'StorageClass', metadata: { name: 'fast-replicated' }, provisioner: 'example.com/disk' });
    await run.advance(60);
    expect(run.objects.get('PersistentVolumeClaim', 'media', 'media-library-data')?.status?.phase).toBe('Bound');
    expect(isComplete(deployment('media', 'media-library'))).toBe(true);
  });

  it('the missing pods come once the quota is raised', async () => {
    await broken('quota_exceeded');
    const { status } = deployment('staging', 'load-generator');
    expect(conditionOf(status?.conditions, 'ReplicaFailure')).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    const quota = run.objects.get('ResourceQuota', 'staging', 'staging-compute');
    expect(quota?.status?.used).toEqual({ 'requests.cpu': '900m', 'requests.memory': '384Mi', pods: '3' });
    if (quota !== undefined) {
      run.objects.mutate(quota, (draft) => {
        draft.spec = { hard: { 'requests.cpu': '2' } };
      });
    }
    await run.advance(1200);
    expect(isComplete(deployment('staging', 'load-generator'))).toBe(true);
  });

  it('the pod is scheduled once it asks for less', async () => {
    await broken('unschedulable_insufficient_resource');
    run.objects.mutate(deployment('analytics', 'demand-forecast'), (draft) => {
      for (const { resources } of draft.spec.template.spec.containers)
        Object.assign(resources?.requests ?? {}, { cpu: '1' });
    });
    await run.advance(60);
    expect(isComplete(deployment('analytics', 'demand-forecast'))).toBe(true);
  });

  it('the Service loses its endpoints with the wrong label and has them again with the right one', async () => {
    await broken('service_selector_mismatch', 10);
    const addresses = () =>
      run.objects
        .list('EndpointSlice', 'orders')
        .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'orders-api')
        .flatMap(({ endpoints }) => endpoints ?? []);
    expect(addresses()).toEqual([]);
    const service = run.objects.get('Service', 'orders', 'orders-api');
    if (service !== undefined) {
      run.objects.mutate(service, (draft) => {
        draft.spec.selector = { app: 'orders-api' };
      });
    }
    await run.advance(10);
    expect(addresses()).toHaveLength(2);
  });
});

it('an ordinary day ends with everything healthy and nothing worse than a pod that waited for its volume', async () => {
  inject(loadBaseCluster().noise, run);
  await run.advance(120);
  await healthy(loadBaseCluster().setup, run.store);
  expect(run.objects.list('Deployment').every(isComplete)).toBe(true);
  expect(
    conditionOf(run.objects.get('Job', 'analytics', 'nightly-report')?.status?.conditions, 'Complete')?.status,
  ).toBe('True');
  expect(new Set(run.events({ type: 'Warning' }).map(({ reason }) => reason))).toEqual(new Set(['FailedScheduling']));
});
