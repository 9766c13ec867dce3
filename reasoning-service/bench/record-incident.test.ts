import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { recordedIncident } from './record-incident.ts';

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

  it('marks an expected answer that nobody has given', () => {
    expect(recordedIncident(bundle, { ...file, source: 'from a test', known: undefined })).toMatchObject({
      source: 'from a test; Kubernetes v1.35.4; expected answer by the rules, confirmed by nobody',
    });
  });
});
