import type { Bundle } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const at = '2026-01-02T03:04:05.000Z';
const event = (kind: string, name: string, minutes: number, [reason, message]: [string, string]) => ({
  ...{ id: `event:${kind}/${name}`, type: 'Warning' as const, reason, message, component: 'c', count: 1 },
  ...{ kind, namespace: 'mail', name, first_timestamp: null },
  last_timestamp: new Date(Date.parse(at) - minutes * 60_000).toISOString(),
});
const unbound = (minutes: number) =>
  event('Pod', 'box-0', minutes, [
    'FailedScheduling',
    '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  ]);
const asked = (name: string) =>
  event('PersistentVolumeClaim', name, 0.2, [
    'ExternalProvisioning',
    "Waiting for a volume to be created either by the external provisioner 'disks.csi.example.com' or manually by the system administrator.",
  ]);
const told = (...events: Bundle['events']) =>
  diagnose(
    aBundle({
      ...{ at, logs: [], changes: [], objects: [], events },
      subject: { kind: 'Namespace', namespace: null, name: 'mail' },
    }),
  );

it('names the claim and its provisioner where a pod has waited for minutes, and only events tell', () => {
  const { category, subject, root_cause, evidence } = told(unbound(14), asked('data-box-0'));
  expect([category, subject.kind, subject.name]).toEqual([
    'pvc_storageclass_missing',
    'PersistentVolumeClaim',
    'data-box-0',
  ]);
  expect(root_cause.description).toContain('provisioner disks.csi.example.com');
  expect(evidence).toHaveLength(2);
});

it('leaves it open for a volume that is asked for only now, and says what to read of it', () => {
  const { status, subject, missing_evidence } = told(unbound(1), asked('data-box-0'));
  expect([status, subject.name]).toEqual(['abstained', 'data-box-0']);
  expect(missing_evidence.join()).toContain('kubectl get persistentvolumeclaim data-box-0 -n mail');
  expect(missing_evidence.join()).toContain('whether provisioner disks.csi.example.com is registered');
});

it('asks which claim it is where no word names one, and blames none of another pod', () => {
  expect(told(unbound(14)).missing_evidence).toContain(
    'which claim of Pod mail/box-0 is not bound: kubectl get pvc -n mail',
  );
  expect(told(unbound(14), asked('data-letters-0'), asked('data-stamps-0')).status).toBe('abstained');
});
