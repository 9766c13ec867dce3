import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { StoredIncident } from './incident-library.ts';
import { incidentText } from './incident-text.ts';
import { pastedIncident, recordedIncident } from './record-incident.ts';

const namespace = (name: string) => ({
  id: `object:Namespace/_/${name}`,
  kind: 'Namespace',
  namespace: null,
  name,
  body: { metadata: { name } },
});
const node = (name: string, kubeletVersion: string) => ({
  id: `object:Node/_/${name}`,
  kind: 'Node',
  namespace: null,
  name,
  body: { status: { nodeInfo: { kubeletVersion } } },
});
const bundle = aBundle({
  subject: { kind: 'Namespace', namespace: null, name: 'shop' },
  objects: [namespace('shop'), namespace('a-customer'), node('fake', 'kwok-v0.8.0'), node('n1', 'v1.35.4')],
  events: [],
  logs: [{ id: 'log:1', namespace: 'shop', pod: 'a', container: 'a', previous: false, lines: ['password=hunter2'] }],
  complete: ['Namespace', 'Pod/shop'],
});
const known = {
  category: 'oom_killed',
  subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
} as const;
const file = { name: 'one', source: undefined, looksLike: null, help: false };

describe('a recorded incident', () => {
  it('says where it comes from, and holds neither other namespaces nor secret values', () => {
    const incident = recordedIncident(bundle, { ...file, known });
    expect(incident.source).toBe('recorded from a live cluster with npm run record; Kubernetes v1.35.4');
    expect(incident.expected).toEqual({ ...known, evidence: [] });
    expect(incident.bundle.objects.map(({ name }) => name)).toEqual(['shop', 'fake', 'n1']);
    expect(incident.bundle.complete).toEqual(['Pod/shop']);
    expect(JSON.stringify(incident)).not.toContain('hunter2');
  });

  it('leaves out what is there for others, and calls no listing whole that was cut', () => {
    const pod = {
      ...{ id: 'object:Pod/shop/a', kind: 'Pod', namespace: 'shop', name: 'a' },
      body: { spec: { nodeName: 'n1' } },
    };
    const volume = {
      ...{ id: 'object:PersistentVolume/_/v', kind: 'PersistentVolume', namespace: null, name: 'v' },
      body: { spec: { claimRef: { namespace: 'a-customer', name: 'data' } } },
    };
    const attachment = {
      ...{ id: 'object:VolumeAttachment/_/csi-1', kind: 'VolumeAttachment', namespace: null, name: 'csi-1' },
      body: { spec: { source: { persistentVolumeName: 'v' } } },
    };
    const whole = {
      ...bundle,
      objects: [...bundle.objects, pod, volume, attachment],
      complete: ['Node', 'PersistentVolume', 'Pod/shop'],
    };
    const { objects, complete } = recordedIncident(whole, { ...file, known }).bundle;
    expect(objects.map(({ name }) => name)).toEqual(['shop', 'n1', 'a']);
    expect(complete).toEqual(['Pod/shop']);
  });

  it('keeps what was pasted as it was, without secrets, and expects no namespace that is nowhere told', () => {
    const rows =
      'NAME     READY   STATUS      RESTARTS   AGE\ncart-0   0/1     OOMKilled   3          5m\npassword=hunter2\n';
    const incident = pastedIncident([{ name: 'pods.txt', text: rows }], '2026-01-02T03:04:05Z', { ...file, known });
    expect(incident.expected.subject).toEqual({ kind: 'Deployment', namespace: null, name: 'cart' });
    expect(JSON.stringify(incident)).not.toContain('hunter2');
    expect(StoredIncident.parse(JSON.parse(incidentText(incident)))).toEqual(incident);
  });

  it('marks an expected answer that nobody has given', () => {
    expect(recordedIncident(bundle, { ...file, source: 'from a test', known: undefined })).toMatchObject({
      source: 'from a test; Kubernetes v1.35.4; expected answer by the rules, confirmed by nobody',
    });
  });
});
