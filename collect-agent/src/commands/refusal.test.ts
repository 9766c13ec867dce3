import { aCommand } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from './kube-object.ts';
import { Policy } from './policy.ts';
import { type Circumstances, refusal } from './refusal.ts';

const fine: Circumstances = {
  cluster: 'eu-1',
  ownNamespace: 'aetherius-agent',
  policy: Policy.parse({}),
  changesAllowed: true,
  killSwitch: false,
  elapsedMs: 0,
  targetBusy: false,
  now: new Date('2026-06-01T12:00:00Z'),
};
const deployment = { api_version: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart', uid: 'u-1' };
const node = { api_version: 'v1', kind: 'Node', namespace: null, name: 'n1', uid: 'u-n1' };
const write = aCommand({ action: 'restart_workload', target: deployment });
const read = aCommand({ action: 'get', target: deployment });
const cordon = aCommand({ action: 'cordon_node', target: node });
const object = (metadata: Partial<KubeObject['metadata']>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', uid: 'u-1', resourceVersion: '1', ...metadata },
});

describe('refusal', () => {
  it('lets what is in order pass', () => {
    expect([write, read, cordon].map((command) => refusal(command, fine))).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['wrong_cluster', { ...write, cluster_id: 'eu-2' }, {}],
    ['expired', write, { elapsedMs: 30_000 }],
    ['secrets_are_never_touched', { ...read, target: { ...deployment, kind: 'secret' } }, {}],
    ['kind_not_allowed', { ...write, target: { ...deployment, kind: 'Pod' } }, {}],
    ['kind_not_allowed', { ...read, target: { ...deployment, kind: 'Lease' } }, {}],
    ['target_without_namespace', { ...write, target: { ...deployment, namespace: null } }, {}],
    ['action_not_in_policy', write, { policy: Policy.parse({ actions: ['get'] }) }],
    ['changes_not_allowed', write, { changesAllowed: false }],
    ['kill_switch', write, { killSwitch: true }],
    ['protected_namespace', { ...write, target: { ...deployment, namespace: 'kube-system' } }, {}],
    ['protected_namespace', { ...write, target: { ...deployment, namespace: 'aetherius-agent' } }, {}],
    ['protected_namespace', write, { policy: Policy.parse({ protected_namespaces: ['shop'] }) }],
    ['namespace_not_in_policy', write, { policy: Policy.parse({ namespaces: ['web'] }) }],
    ['delete_needs_uid', aCommand({ action: 'delete_pod', target: { ...deployment, kind: 'Pod', uid: null } }), {}],
    ['target_not_pinned', { ...write, target: { ...deployment, uid: null } }, {}],
    ['target_busy', write, { targetBusy: true }],
    ['control_plane_node', cordon, { target: object({ labels: { 'node-role.kubernetes.io/control-plane': '' } }) }],
  ] as const)('%s', (reason, command, changed) => {
    expect(refusal(aCommand(command), { ...fine, ...changed })).toBe(reason);
  });

  it.each<[string, Record<string, string>]>([
    ['opted_out', { 'aetherius.io/opt-out': 'yes' }],
    ['frozen', { 'aetherius.io/freeze': '2026-06-01T12:00:01Z' }],
    ['frozen', { 'aetherius.io/freeze': 'soon' }],
  ])('is %s by the owner of the target, or of what the target belongs to', (code, annotations) => {
    const marked = object({ annotations });
    expect(refusal(write, { ...fine, target: marked })).toMatch(new RegExp(`^${code}: Node n1 is `));
    const shop = { ...object({ name: 'shop', annotations }), kind: 'Namespace' };
    const surroundings = [object({}), shop];
    expect(refusal(write, { ...fine, target: object({}), surroundings })).toMatch(
      new RegExp(`^${code}: Namespace shop`),
    );
    const later = { ...fine, now: new Date('2026-06-01T12:00:01Z'), target: object({}), surroundings };
    expect(refusal(write, later) === undefined).toBe(annotations['aetherius.io/freeze']?.startsWith('2026') ?? false);
    expect(refusal(read, { ...fine, target: marked })).toBeUndefined();
  });

  it('lets pass what takes the opt-out back, and what is pinned by its values instead of its uid', () => {
    const back = object({ annotations: { 'aetherius.io/opt-out': 'false' } });
    expect(refusal(write, { ...fine, target: back })).toBeUndefined();
    const pinned = { ...write, target: { ...deployment, uid: null } };
    expect(refusal({ ...pinned, expected: 'hash' }, fine)).toBeUndefined();
    expect(refusal({ ...pinned, dry_run: true }, fine)).toBeUndefined();
  });

  it('names the parameter that does not fit', () => {
    const wrong = aCommand({ action: 'scale_workload', target: deployment, parameters: { replicas: -1 } });
    expect(refusal(wrong, fine)).toMatch(/^invalid_parameters: replicas /);
    const more = aCommand({ action: 'get', target: deployment, parameters: { force: true } });
    expect(refusal(more, fine)).toMatch(/^invalid_parameters: .*force/);
  });

  it('asks a condition only of the kinds that have it', () => {
    const parameters = { condition: 'node_ready', held_for: '1s', window: '5s' };
    expect(refusal(aCommand({ action: 'observe', target: deployment, parameters }), fine)).toBe('kind_not_allowed');
    expect(refusal(aCommand({ action: 'observe', target: node, parameters }), fine)).toBeUndefined();
  });

  it('lets everything be read where nothing may be changed', () => {
    const closed = { ...fine, changesAllowed: false, killSwitch: true, policy: Policy.parse({ namespaces: [] }) };
    expect(refusal(aCommand({ ...read, target: { ...deployment, namespace: 'kube-system' } }), closed)).toBeUndefined();
  });

  it('lets the kill switch be taken back while it is on', () => {
    const configure = aCommand({ action: 'configure', parameters: { kill_switch: 'off' } });
    expect(refusal(configure, { ...fine, killSwitch: true, changesAllowed: false })).toBeUndefined();
  });

  it('lets the kill switch be thrown whatever actions the policy lists', () => {
    const configure = aCommand({ action: 'configure', parameters: { kill_switch: 'on' } });
    expect(refusal(configure, { ...fine, policy: Policy.parse({ actions: ['get'] }) })).toBeUndefined();
  });
});
