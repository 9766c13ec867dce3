import type { BundleEvent, BundleObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const subject = { kind: 'Cluster', namespace: null, name: 'c' };
const reference = 'registry.prints.example:5000/press/plates@sha256:9f1cbb07';
const long = `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": failed to do request: Head "https://registry.prints.example:5000/v2/press/plates/manifests/9f1cbb07?ns=registry.prints.example"`;
const full = `failed to extract layer sha256:77: write /var/lib/containerd/snapshots/9/fs/model.bin: no space left on device: unknown`;

const waits = (name: string, message: string, node?: string): BundleObject => ({
  id: `pod/${name}`,
  kind: 'Pod',
  namespace: 'press',
  name,
  body: {
    metadata: { ownerReferences: [{ kind: 'StatefulSet', name: name.replace(/-\d$/, ''), controller: true }] },
    spec: { ...(node === undefined ? {} : { nodeName: node }), containers: [{ name: 'app', image: reference }] },
    status: {
      phase: 'Pending',
      containerStatuses: [
        { name: 'app', ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff', message } } },
      ],
    },
  },
});
const failed = (name: string, message: string): BundleEvent => ({
  id: `event/${name}`,
  type: 'Warning',
  reason: 'Failed',
  message,
  component: 'kubelet',
  kind: 'Pod',
  namespace: 'press',
  name,
  count: 4,
  first_timestamp: at,
  last_timestamp: at,
});
const told = (objects: BundleObject[], events: BundleEvent[] = []) =>
  diagnoseAll(aBundle({ at, subject, objects, events, logs: [], changes: [] }));
const quotes = (objects: BundleObject[], events: BundleEvent[] = []): string[] =>
  told(objects, events)[0]?.evidence.map(({ quote }) => quote) ?? [];

describe('the evidence of an image that does not come', () => {
  it('is the answer in the status, however late it stands there', () => {
    const lookup = 'dial tcp: lookup registry.prints.example on 10.0.0.2:53: no such host';
    const [quote = ''] = quotes([
      waits('plates-0', `Back-off pulling image "${reference}": ErrImagePull: ${long}: ${lookup}`),
    ]);
    expect(quote).toMatch(/^failed to .*: no such host$/);
    expect(quote.length).toBeLessThan(300);
  });
  it('is that it waits where the status does not say why', () => {
    expect(quotes([waits('plates-0', `Back-off pulling image "${reference}"`)])[0]).toContain(
      'waiting.reason: ImagePull',
    );
  });
  it('is what an event says before what only waits', () => {
    const pods = ['a-0', 'b-0', 'a-1', 'a-2', 'a-3', 'a-4', 'a-5'].map((name) => waits(name, 'Back-off pulling image'));
    const said = failed('a-1', `Failed to pull image "${reference}": ${long}: 401 Unauthorized`);
    expect(told(pods, [said]).find(({ subject: { name } }) => name === 'a')?.evidence[0]?.quote).toMatch(
      /401 Unauthorized$/,
    );
  });
});

describe('an image that finds no room', () => {
  const message = `Failed to pull image "${reference}": failed to pull and unpack image: ${full}`;

  it('is the disk of its node, whatever is started there', () => {
    const [one, ...others] = told([waits('a-0', message, 'press-7'), waits('b-0', message, 'press-7')]);
    expect(one).toMatchObject({
      category: 'node_disk_pressure_eviction',
      subject: { kind: 'Node', name: 'press-7' },
      root_cause: { description: expect.stringContaining('imagefs') },
    });
    expect(one?.evidence[0]?.quote).toContain('no space left on device');
    expect(others).toEqual([]);
  });
  it('is told of the pod where nothing names the node', () => {
    expect(told([], [failed('a-0', message)])).toMatchObject([
      { category: 'node_disk_pressure_eviction', subject: { kind: 'Pod', name: 'a-0' } },
    ]);
  });
  it('is another matter than one that the registry has not', () => {
    expect(told([], [failed('a-0', `Failed to pull image "${reference}": ${long}: not found`)])).toMatchObject([
      { category: 'image_pull_failure' },
    ]);
  });
});
