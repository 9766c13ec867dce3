import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { type Body, node, object, ownedBy, subject } from '../../test/built-objects.ts';
import { scopeOf } from './scope.ts';
import { type TargetName, targets } from './targets.ts';

const lost = node('n1', { ready: 'Unknown' });
const aimed = (
  name: TargetName,
  about: ReturnType<typeof subject>,
  objects: ReturnType<typeof object>[],
  events: ReturnType<typeof aBundle>['events'] = [],
) => {
  const diagnosis = aDiagnosis({ subject: about, root_cause: { subject: about, description: 'x' } });
  const found = targets[name](scopeOf(diagnosis, aBundle({ subject: about, objects, events, changes: [] })));
  return found === undefined ? undefined : `${found.kind} ${found.name}`;
};

const pod = (name: string, { spec = {}, leaving = false, owner = 'Deployment/db' }: Options = {}) => {
  const [kind = '', controller = ''] = owner.split('/');
  const metadata = { ...ownedBy(kind, controller), ...(leaving ? { deletionTimestamp: '2026-01-02T03:00:00Z' } : {}) };
  return object('Pod', name, { metadata, spec, status: { phase: 'Pending' } });
};
type Options = { spec?: Body; leaving?: boolean; owner?: string };
const using = (claimName: string): Body => ({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] });
const attach = {
  id: 'e1',
  kind: 'Pod',
  namespace: 'shop',
  name: 'db-2',
  type: 'Warning',
  reason: 'FailedAttachVolume',
  component: null,
  message: 'Multi-Attach error for volume "pv-1" Volume is already exclusively attached to one node',
  count: 3,
  first_timestamp: null,
  last_timestamp: aBundle({}).at,
};

describe('the pod on a lost node', () => {
  const claim = subject('PersistentVolumeClaim', 'data');
  const waiting = pod('db-2', { spec: using('data') });
  it.each([
    ['holds the claim', pod('db-1', { spec: { ...using('data'), nodeName: 'n1' }, leaving: true }), 'Pod db-1'],
    ['has another claim', pod('db-1', { spec: { ...using('logs'), nodeName: 'n1' }, leaving: true }), undefined],
    ['has none', pod('web-1', { spec: { nodeName: 'n1' }, leaving: true, owner: 'Deployment/web' }), undefined],
    ['stays', pod('db-1', { spec: { ...using('data'), nodeName: 'n1' } }), undefined],
    ['is on another node', pod('db-1', { spec: { ...using('data'), nodeName: 'n2' }, leaving: true }), undefined],
  ])('is aimed at by the claim that it holds: one that %s', (_, holder, expected) => {
    const objects = [lost, node('n2'), waiting, holder];
    expect(aimed('pod_on_lost_node', claim, objects)).toBe(expected);
    expect(aimed('pod_on_lost_node', subject('Deployment', 'db'), objects)).toBe(expected);
    expect(aimed('pod_on_lost_node', subject('Node', 'n1', null), objects, [attach])).toBe(expected);
  });

  it('is not the pod of another node, nor of a node on which nothing waits for a volume', () => {
    const objects = [lost, waiting, pod('db-1', { spec: { ...using('data'), nodeName: 'n1' }, leaving: true })];
    expect(aimed('pod_on_lost_node', subject('Node', 'n2', null), objects, [attach])).toBeUndefined();
    expect(aimed('pod_on_lost_node', subject('Node', 'n1', null), objects)).toBeUndefined();
  });

  it('may be of the same Deployment where claims are not told, never of the same StatefulSet', () => {
    const ofKind = (owner: string) => [
      lost,
      pod('db-2', { owner }),
      pod('db-1', { owner, leaving: true, spec: { nodeName: 'n1' } }),
    ];
    expect(aimed('pod_on_lost_node', subject('Deployment', 'db'), ofKind('Deployment/db'))).toBe('Pod db-1');
    expect(aimed('pod_on_lost_node', subject('StatefulSet', 'db'), ofKind('StatefulSet/db'))).toBeUndefined();
  });
});

describe('other targets', () => {
  const closed = (name: string, labels: Body = {}) =>
    node(name, { spec: { unschedulable: true }, metadata: { labels } });
  const workload = (spec: Body) => object('Deployment', 'db', { spec: { template: { spec } } });
  it.each([
    ['the only one', {}, [closed('n1')], 'Node n1'],
    ['one of two', {}, [closed('n1'), closed('n2')], undefined],
    [
      'one that it may be placed on',
      { nodeSelector: { disk: 'ssd' } },
      [closed('n1'), closed('n2', { disk: 'ssd' })],
      'Node n2',
    ],
    ['one that it may not', { nodeSelector: { disk: 'ssd' } }, [closed('n1')], undefined],
  ])('open a closed node that is %s', (_, spec, nodes, expected) => {
    expect(aimed('cordoned_node', subject('Deployment', 'db'), [workload(spec), ...nodes])).toBe(expected);
  });

  const shut = (metadata: Body, { taints = [], pressed = [] }: { taints?: Body[]; pressed?: string[] } = {}) =>
    node('n1', { spec: { unschedulable: true, taints }, metadata, pressed });
  const unmeasured = object(
    'Node',
    'n1',
    { spec: { unschedulable: true }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    null,
  );
  const broken = object(
    'Node',
    'n1',
    {
      spec: { unschedulable: true },
      status: {
        conditions: [
          ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({ type, status: 'False' })),
          { type: 'KernelDeadlock', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
    },
    null,
  );
  const diskEvent = {
    ...attach,
    kind: 'Node',
    namespace: null,
    name: 'n1',
    reason: 'EvictionThresholdMet',
    message: 'Attempting to reclaim ephemeral-storage',
  };
  it.each([
    ['has no room on its disk', shut({}, { pressed: ['DiskPressure'] }), []],
    ['has not said that it is well', unmeasured, []],
    ['has a condition of another watcher', broken, []],
    ['an open finding is about', shut({}), [diskEvent]],
    ['Aetherius has closed', shut({ annotations: { 'aetherius.io/commands': 'r1:contain/act' } }), []],
    ['is kept free by another taint', shut({}, { taints: [{ key: 'upgrade', effect: 'NoSchedule' }] }), []],
    ['is drained for a reason', shut({ annotations: { 'example.com/drain-reason': 'new kernel' } }), []],
    ['is marked for maintenance', shut({ labels: { state: 'maintenance' } }), []],
    ['goes', shut({ deletionTimestamp: '2026-01-02T03:00:00Z' }), []],
  ])('open no closed node that %s', (_, closedNode, events) => {
    const open = { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable' };
    expect(aimed('cordoned_node', subject('Deployment', 'db'), [workload({}), closedNode], events)).toBeUndefined();
    expect(aimed('cordoned_node', subject('Deployment', 'db'), [workload({}), shut({}, { taints: [open] })])).toBe(
      'Node n1',
    );
  });

  it('start the one workload behind a Service, not the first of several', () => {
    const idle = (name: string) =>
      object('Deployment', name, {
        spec: { replicas: 0, template: { metadata: { labels: { app: 'db' } }, spec: {} } },
      });
    const service = object('Service', 'db', { spec: { selector: { app: 'db' } } });
    expect(aimed('stopped_workload', subject('Service', 'db'), [service, idle('db')])).toBe('Deployment db');
    expect(aimed('stopped_workload', subject('Service', 'db'), [service, idle('db'), idle('db-new')])).toBeUndefined();
  });

  it('remake the pod that is stuck, not one that runs, nor one that nothing remakes', () => {
    const container = { name: 'db', restartCount: 1, ready: true, state: { running: {} } };
    const runs = object('Pod', 'db-0', {
      metadata: ownedBy('Deployment', 'db'),
      status: {
        phase: 'Running',
        containerStatuses: [{ ...container, lastState: { terminated: { exitCode: 1, reason: 'Error' } } }],
      },
    });
    const db = subject('Deployment', 'db');
    expect(aimed('stuck_pod', db, [runs, pod('db-1')])).toBe('Pod db-1');
    expect(aimed('stuck_pod', db, [runs])).toBeUndefined();
    const bare = object('Pod', 'db-1', { status: { phase: 'Pending' } });
    expect(aimed('stuck_pod', subject('Pod', 'db-1'), [bare])).toBeUndefined();
    expect(aimed('stuck_pod', subject('Node', 'n1', null), [pod('proxy-n1', { owner: 'Node/n1' })])).toBeUndefined();
  });
});
