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
