import type { Bundle, BundleEvent, BundleLog, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const early = '2026-01-02T01:00:00.000Z';
const object = (kind: string, path: string, body: JsonObject): BundleObject => {
  const [name = '', namespace = null] = path.split('/').toReversed();
  return { id: `${kind}/${path}`, kind, namespace, name, body };
};
const all = (more: Partial<Bundle>) =>
  diagnoseAll(
    aBundle({
      ...{ at, objects: [], logs: [], changes: [], events: [] },
      subject: { kind: 'Cluster', namespace: null, name: 'c' },
      ...more,
    }),
  );
const found = (more: Partial<Bundle>) =>
  all(more)
    .map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`)
    .toSorted();

const node = (name: string, message?: string) =>
  object('Node', name, {
    status: {
      conditions: [
        message === undefined
          ? { type: 'Ready', status: 'True', reason: 'KubeletReady' }
          : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message },
      ],
    },
  });
const noNetwork =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
const noImage = {
  ...{ name: 'main', ready: false, restartCount: 0 },
  state: {
    waiting: {
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "mirror.test/net/agent:7": ErrImagePull: mirror.test/net/agent:7: not found',
    },
  },
};
const loops = {
  ...{ name: 'main', ready: false, restartCount: 9 },
  state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
};
const starts = {
  ...{ name: 'main', ready: false, restartCount: 0 },
  state: { waiting: { reason: 'ContainerCreating' } },
};
type Made = { on?: string; volumes?: JsonObject[]; kind?: string };
const pod = (path: string, status: JsonObject, { on = 'n1', volumes = [], kind = 'DaemonSet' }: Made = {}) => {
  const [namespace, owner = ''] = path.split('/');
  return object('Pod', `${namespace}/${owner}-x7k2p`, {
    metadata: { creationTimestamp: early, ownerReferences: [{ kind, name: owner, controller: true }] },
    spec: {
      nodeName: on,
      hostNetwork: true,
      volumes,
      containers: [{ name: 'main', image: 'mirror.test/net/agent:7' }],
    },
    status: { phase: 'Pending', containerStatuses: [status] },
  });
};
const bringsPlugins = { volumes: [{ name: 'bin', hostPath: { path: '/opt/cni/bin' } }] };
const warning = (path: string, reason: string, message: string): BundleEvent => {
  const [namespace = '', name = ''] = path.split('/');
  const times = { count: 12, first_timestamp: early, last_timestamp: at };
  return { id: `e/${path}`, type: 'Warning', component: null, kind: 'Pod', namespace, name, reason, message, ...times };
};
const waits = pod('app/loom', starts, { kind: 'StatefulSet' });
const noSandbox = (words: string) => warning('app/loom-x7k2p', 'FailedCreatePodSandBox', words);
const calico =
  'Failed to create pod sandbox: plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory';

describe('a node that waits for its network', () => {
  it.each([
    ['by its name', pod('kube-system/cilium', noImage)],
    ['by what it puts on the node', pod('net/weaver', noImage, bringsPlugins)],
  ])('is what an agent shows on that cannot be pulled, known %s', (_, agent) => {
    const [told, ...others] = all({ objects: [node('n1', noNetwork), node('n2'), agent, waits] });
    expect([told?.category, told?.subject.kind, others]).toEqual(['image_pull_failure', 'DaemonSet', []]);
    expect(told?.root_cause?.description).toContain('mirror.test/net/agent:7');
  });

  it('stays a fault of its own beside a pod whose image is missing and that brings no network', () => {
    expect(found({ objects: [node('n1', noNetwork), pod('watch/gauges', noImage)] })).toEqual([
      'image_pull_failure DaemonSet/gauges',
      'pod_sandbox_cni_failure Node/n1',
    ]);
  });

  it('is not laid to an agent that is broken on another node', () => {
    const agent = pod('kube-system/cilium', noImage, { on: 'n2' });
    expect(found({ objects: [node('n1', noNetwork), node('n2'), agent] })).toEqual([
      'image_pull_failure DaemonSet/cilium',
      'pod_sandbox_cni_failure Node/n1',
    ]);
  });

  it('keeps its fault where it says more than that', () => {
    const agent = pod('kube-system/cilium', noImage);
    expect(found({ objects: [node('n1', 'PLEG is not healthy'), agent] })).toEqual(['node_not_ready Node/n1']);
  });
});

describe('an agent that keeps ending and whose log nobody read', () => {
  const agent = pod('kube-system/calico-node', loops);

  it.each([
    ['has no sandbox', noSandbox(calico), agent],
    [
      'has no volume',
      warning(
        'app/loom-x7k2p',
        'FailedMount',
        'MountVolume.MountDevice failed for volume "pvc-1" : driver name disk.csi.azure.com not found in the list of registered CSI drivers',
      ),
      pod('kube-system/csi-azuredisk-node', loops),
    ],
  ])('is the fault of the pod beside it that %s', (_, event, behind) => {
    const [told, ...others] = all({ objects: [waits, behind], events: [event] });
    expect([told?.category, told?.subject.kind, others]).toEqual(['crash_loop_app_error', 'DaemonSet', []]);
    expect(told?.recommendations.map(({ action }) => action)).not.toContain('delete_pod');
  });

  it('is too little for an answer where nobody lacks it', () => {
    expect(found({ objects: [agent] })).toEqual(['unknown DaemonSet/calico-node']);
  });

  it('is what its log says where that was read', () => {
    const log: BundleLog = {
      ...{ id: 'log/1', namespace: 'kube-system', pod: 'calico-node-x7k2p', container: 'main', previous: true },
      lines: ['[FATAL] startup.go 9: dial tcp 172.20.0.1:443: connect: connection refused'],
    };
    expect(found({ objects: [waits, agent], logs: [log], events: [noSandbox(calico)] })).toEqual([
      'dependency_unreachable DaemonSet/calico-node',
    ]);
  });
});
