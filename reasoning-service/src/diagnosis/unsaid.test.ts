import type { Bundle, BundleEvent, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from './diagnose.ts';
import { diagnoseAll } from './diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const ago = (minutes: number): string => new Date(Date.parse(at) - minutes * 60_000).toISOString();
const warning = (name: string, message: string, more: Partial<BundleEvent> = {}): BundleEvent => ({
  ...{ id: `event/${name}/${message.length}`, kind: 'Pod', namespace: 'quay', name, type: 'Warning', count: 1 },
  ...{ reason: 'Unhealthy', component: 'kubelet', message, first_timestamp: ago(1), last_timestamp: ago(1) },
  ...more,
});
const object = (kind: string, namespace: string, name: string, body: JsonObject): BundleObject => ({
  id: `${kind}/${namespace}/${name}`,
  ...{ kind, namespace, name, body },
});
const bundle = (more: Partial<Bundle>): Bundle =>
  aBundle({
    ...{ at, objects: [], logs: [], changes: [], events: [] },
    subject: { kind: 'Cluster', namespace: null, name: 'c' },
    ...more,
  });
const lost = warning('ferry-0', 'MountVolume.SetUp failed for volume "tls" : secret "ferry-tls" not found', {
  ...{ reason: 'FailedMount', namespace: 'dock', count: 9 },
});
const known = 'missing_secret StatefulSet/ferry';
const probe = warning('crane-7d9c5b6f8c-kx7w4', 'Readiness probe failed: HTTP probe failed with statuscode: 404');
const open = 'unknown Deployment/crane';
const found = (more: Partial<Bundle>, ...events: BundleEvent[]) =>
  diagnoseAll(bundle({ ...more, events: [lost, ...events] })).map(
    ({ category, subject }) => `${category} ${subject.kind}/${subject.name}`,
  );
const running = (ready: boolean): BundleObject =>
  object('Pod', 'quay', probe.name, {
    metadata: { uid: 'u', creationTimestamp: ago(300) },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', ready, restartCount: 0, state: { running: {} } }] },
  });

describe('what would be told alone', () => {
  it('is told beside a fault that does not explain it, with what shows it', () => {
    expect(diagnose(bundle({ events: [probe] }))).toMatchObject({
      ...{ category: 'unknown', status: 'abstained', evidence: [{ id: probe.id, quote: probe.message }] },
    });
    expect(found({}, probe)).toEqual([known, open]);
    const [, told] = diagnoseAll(bundle({ events: [lost, probe] }));
    expect(told).toMatchObject({ status: 'abstained', severity: 'low', evidence: [{ id: probe.id }] });
    expect(told?.missing_evidence.join()).toContain(probe.name);
  });

  it.each([
    ['of a pod that is ready', { objects: [running(true)] }, probe],
    ['that a whole listing lacks', { objects: [], complete: ['Pod'] }, probe],
    ['half an hour ago and once', {}, { ...probe, first_timestamp: ago(30), last_timestamp: ago(30) }],
    ['of a pod of the fault itself', {}, { ...probe, namespace: 'dock', name: 'ferry-1' }],
    ['that is harmless', {}, { ...probe, reason: 'DNSConfigForming' }],
    ['that names what is at fault', {}, { ...probe, message: 'Readiness probe failed: no answer of ferry' }],
  ])('stays unsaid %s', (_, more, event) => {
    expect(found(more, event)).toEqual([known]);
  });

  it('stays unsaid where two wrote at once, unless that goes on', () => {
    const conflict = {
      ...{ kind: 'Endpoints', reason: 'FailedToUpdateEndpoint', component: 'endpoint-controller', name: 'crane' },
      message:
        'Failed to update endpoint quay/crane: Operation cannot be fulfilled on endpoints "crane": the object has been modified; please apply your changes to the latest version and try again',
    };
    expect(found({}, { ...probe, ...conflict })).toEqual([known]);
    expect(found({}, { ...probe, ...conflict, count: 40 })).toEqual([known, 'unknown Endpoints/crane']);
  });

  it('is no fault where nothing else is one', () => {
    expect(diagnoseAll(bundle({ events: [probe] }))).toEqual([]);
    expect(diagnoseAll(bundle({ objects: [running(true)], events: [probe] }))).toEqual([]);
  });

  it('is of an alert for what nothing else tells of', () => {
    const alert = (deployment: string) => ({
      ...{ id: `alert/${deployment}`, name: 'KubeDeploymentReplicasMismatch', starts_at: ago(20), ends_at: null },
      ...{ labels: { namespace: 'quay', deployment, severity: 'warning' }, annotations: {} },
    });
    expect(found({ alerts: [alert('crane')] })).toEqual([known, open]);
    const well = object('Deployment', 'quay', 'crane', { status: { replicas: 1, readyReplicas: 1 } });
    expect(found({ alerts: [alert('crane')], objects: [well] })).toEqual([known]);
  });

  it('is of a log that ends in trouble, or of a run before, as well', () => {
    const line = '2026-01-02T03:03:05Z FATAL listen tcp :8080: bind: address already in use';
    const log = { id: 'log/1', namespace: 'quay', pod: probe.name, container: 'main', previous: true, lines: [line] };
    const told = diagnoseAll(bundle({ events: [lost], logs: [log] }));
    expect(told.map(({ category }) => category)).toContain('crash_loop_app_error');
    const listed = bundle({ events: [lost], logs: [log], complete: ['Pod'] });
    const [only, ...others] = diagnoseAll(listed);
    expect([only?.category, others]).toEqual(['missing_secret', []]);
    expect(only?.missing_evidence.join()).toMatch(/address already in use.*no such pod/);
  });
});
