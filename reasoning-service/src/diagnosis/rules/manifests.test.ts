import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const object = (kind: string, namespace: string | null, name: string, body: JsonObject): BundleObject => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body,
});
const subject = { kind: 'Deployment', namespace: 'choir', name: 'alto' };
type Design = { kind?: string; spec?: JsonObject; labels?: JsonObject; pod?: JsonObject };
const design = ({ kind = 'Deployment', spec = {}, labels = { voice: 'alto' }, pod = {} }: Design): BundleObject =>
  object(kind, 'choir', 'alto', {
    spec: {
      replicas: 4,
      selector: { matchLabels: { voice: 'alto' } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'sing', image: 'choir/alto:1' }], ...pod } },
      ...spec,
    },
  });
const found = (objects: BundleObject[], complete: string[] = []) =>
  diagnose(aBundle({ subject, objects, complete, logs: [], events: [], changes: [] }));
const node = (name: string, more: JsonObject = {}) => object('Node', null, name, { metadata: { labels: {} }, ...more });
const up = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };

const apart = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { voice: 'alto' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
};

describe('replicas that must be apart', () => {
  it('are more than the nodes of the manifests', () => {
    const { category, root_cause } = found([design({ pod: apart }), node('a'), node('b'), node('c')]);
    expect(category).toBe('unschedulable_affinity');
    expect(root_cause.description).toContain('of which there are 3');
  });
  it('have room on as many nodes, or where others may be', () => {
    const four = ['a', 'b', 'c', 'd'].map((name) => node(name));
    expect(found([design({ pod: apart }), ...four]).category).toBe('no_incident');
    expect(found([design({ pod: apart }), node('a', up)]).category).toBe('no_incident');
    expect(found([design({ pod: apart })]).category).toBe('no_incident');
  });
});

describe('a manifest that the API server refuses', () => {
  it('does not select its own pods', () => {
    const { category, subject: about, evidence } = found([design({ labels: { voice: 'bass' } })]);
    expect([category, about.name]).toEqual(['rollout_stuck', 'alto']);
    expect(evidence.map(({ quote }) => quote)).toEqual([
      'spec.selector.matchLabels.voice: alto',
      'spec.template.metadata.labels.voice: bass',
    ]);
  });
  it('mounts a volume that its pods do not have', () => {
    const containers = [{ name: 'sing', volumeMounts: [{ name: 'scores', mountPath: '/s' }] }];
    const { category, root_cause } = found([design({ pod: { containers } })]);
    expect(category).toBe('volume_mount_failed');
    expect(root_cause.description).toContain('volume scores');
    const volumes = [{ name: 'scores', emptyDir: {} }];
    expect(found([design({ pod: { containers, volumes } })]).category).toBe('no_incident');
    const claims = { volumeClaimTemplates: [{ metadata: { name: 'scores' } }] };
    expect(found([design({ kind: 'StatefulSet', pod: { containers }, spec: claims })]).category).toBe('no_incident');
  });
  it('is told all that contradicts itself in it', () => {
    const pod = { containers: [{ name: 'sing', volumeMounts: [{ name: 'scores', mountPath: '/s' }] }] };
    const { root_cause, rejected } = found([design({ pod, labels: { voice: 'bass' } })]);
    expect(root_cause.description).toMatch(/volume scores.*does not take the pods of its own template/);
    expect(rejected).toEqual([]);
  });
  it('is not one with more labels than it selects, nor what runs', () => {
    expect(found([design({ labels: { voice: 'alto', row: '2' } })]).category).toBe('no_incident');
    const running = design({ labels: { voice: 'bass' } });
    running.body['status'] = { readyReplicas: 4, updatedReplicas: 4, replicas: 4 };
    expect(found([running]).category).toBe('no_incident');
  });
});

describe('what a manifest refers to', () => {
  const containers = [{ name: 'sing', envFrom: [{ configMapRef: { name: 'pitch' } }] }];
  const one = design({ pod: { containers, serviceAccountName: 'singer' } });
  it('is told as not checked where nothing says whether it exists', () => {
    const { category, missing_evidence } = found([one]);
    expect(category).toBe('no_incident');
    expect(missing_evidence[0]).toContain(
      'whether ConfigMap choir/pitch exists, which Deployment alto refers to: kubectl get configmap pitch -n choir',
    );
    expect(missing_evidence[1]).toContain('ServiceAccount choir/singer');
  });
  it('makes no command of what is no name', () => {
    const odd = [{ name: 'sing', envFrom: [{ configMapRef: { name: 'x; reboot' } }] }];
    expect(found([design({ pod: { containers: odd } })]).missing_evidence.join()).not.toContain('kubectl');
  });
  it('needs no check where it is there, optional, or missing for sure', () => {
    const there = [object('ConfigMap', 'choir', 'pitch', {}), object('ServiceAccount', 'choir', 'singer', {})];
    expect(found([one, ...there]).missing_evidence).toEqual([]);
    const optional = [{ name: 'sing', envFrom: [{ configMapRef: { name: 'pitch', optional: true } }] }];
    expect(found([design({ pod: { containers: optional } })]).missing_evidence).toEqual([]);
    expect(found([one], ['ConfigMap/choir']).category).toBe('missing_configmap');
  });
});

describe('a manifest whose container requests more than its limit', () => {
  const containers = (requests: JsonObject, limits: JsonObject) => ({
    containers: [{ name: 'sing', image: 'choir/alto:1', resources: { requests, limits } }],
  });
  it('is refused by the API server', () => {
    const { category, root_cause } = found([design({ pod: containers({ cpu: 2, memory: '1Gi' }, { cpu: '1500m' }) })]);
    expect(category).toBe('rollout_stuck');
    expect(root_cause.description).toContain('requests cpu 2, which is more than its limit of 1500m');
  });
  it.each([
    [{ memory: '1Gi' }, { memory: '1024Mi' }],
    [{ memory: '1Gi' }, { cpu: '100m' }],
    [{ memory: '1Gi' }, { memory: '2Gi' }],
  ])('is none with %j under %j', (requests, limits) =>
    expect(found([design({ pod: containers(requests, limits) })]).category).toBe('no_incident'),
  );
});

describe('a manifest and the taints of nodes', () => {
  const labelled = (name: string, taints: JsonObject[], more: JsonObject = {}) =>
    node(name, { metadata: { labels: { hall: name } }, spec: { taints }, ...more });
  const kept = { key: 'stage', value: 'opera', effect: 'NoSchedule' };
  const wish = (tolerations: JsonObject[] = [], nodeSelector: JsonObject = { hall: 'big' }) =>
    design({ pod: { nodeSelector, tolerations } });
  const misspelt = { key: 'stagge', operator: 'Equal', value: 'opera', effect: 'NoSchedule' };

  it('has no place on the node that its selector fits, where its toleration is misspelt', () => {
    const {
      category,
      subject: about,
      root_cause,
    } = found([wish([misspelt]), labelled('big', [kept]), labelled('small', [])]);
    expect([category, about.name]).toEqual(['unschedulable_taint', 'alto']);
    expect(root_cause.description).toContain('they tolerate stagge');
  });
  it('has none either where the nodes tell how they fare', () => {
    expect(found([wish([misspelt]), labelled('big', [kept], up)]).category).toBe('unschedulable_taint');
  });
  it('has none where every node is kept for others', () => {
    expect(found([design({}), labelled('big', [kept]), labelled('small', [kept])]).category).toBe(
      'unschedulable_taint',
    );
  });
  it.each([
    ['its toleration fits', [wish([{ ...misspelt, key: 'stage' }]), labelled('big', [kept])]],
    ['it tolerates whatever value', [wish([{ key: 'stage', operator: 'Exists' }]), labelled('big', [kept])]],
    ['another node is free', [design({}), labelled('big', [kept]), labelled('small', [])]],
    ['other nodes may be there', [design({}), labelled('big', [kept], up)]],
    ['the taint is a wish', [wish(), labelled('big', [{ ...kept, effect: 'PreferNoSchedule' }])]],
    ['a daemon set passes the node by', [design({ kind: 'DaemonSet' }), labelled('big', [kept])]],
    ['it names its node', [design({ pod: { nodeName: 'big' } }), labelled('big', [kept])]],
  ])('has a place where %s', (_, objects) => expect(found(objects).category).toBe('no_incident'));
});

describe('a manifest in a namespace with a standard for pods', () => {
  const space = (standard: string, mode = 'enforce') =>
    object('Namespace', null, 'choir', { metadata: { labels: { [`pod-security.kubernetes.io/${mode}`]: standard } } });
  const safe = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const with_ = (securityContext: JsonObject, more: JsonObject = {}) =>
    design({ pod: { containers: [{ name: 'sing', image: 'choir/alto:1', securityContext }], ...more } });

  it.each([
    ['baseline', 'is privileged', with_({ privileged: true })],
    ['baseline', 'adds a right', with_({ capabilities: { add: ['NET_ADMIN'] } })],
    ['baseline', 'mounts a path of its node', with_({}, { volumes: [{ name: 'v', hostPath: { path: '/var' } }] })],
    ['baseline', 'is in the network of its node', with_({}, { hostNetwork: true })],
    ['restricted', 'states nothing', with_({})],
    ['restricted', 'runs as root', with_({ ...safe, runAsUser: 0 })],
    ['restricted', 'keeps its rights', with_({ ...safe, capabilities: {} })],
    ['restricted', 'mounts a share', with_(safe, { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] })],
  ])('%s breaks it where it %s', (standard, _, manifest) => {
    const { category, subject: about, root_cause } = found([manifest, space(standard)]);
    expect([category, about.name]).toEqual(['admission_podsecurity_rejected', 'alto']);
    expect(root_cause.subject.kind).toBe('Namespace');
  });

  const running = with_({ privileged: true });
  running.body['status'] = { readyReplicas: 4, updatedReplicas: 4, replicas: 4 };
  it.each([
    ['privileged', 'is privileged', with_({ privileged: true }), space('privileged')],
    ['baseline', 'adds a usual right', with_({ capabilities: { add: ['CHOWN'] } }), space('baseline')],
    ['restricted', 'states all of it', with_(safe), space('restricted')],
    [
      'restricted',
      'states it for all containers',
      with_(
        { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
      ),
      space('restricted'),
    ],
    ['warned of', 'is privileged', with_({ privileged: true }), space('restricted', 'warn')],
    ['restricted', 'runs already', running, space('restricted')],
  ])('%s is kept where it %s', (_, __, manifest, namespace) => {
    expect(found([manifest, namespace]).category).toBe('no_incident');
  });
});
