import { describe, expect, it } from '@jest/globals';
import { type Intent, refusal, WRITES_PER_HOUR } from './checks.ts';

const target = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const node = { kind: 'Node', namespace: null, name: 'n1' };
const intent = (changes: Partial<Omit<Intent, 'facts'>> & { facts?: Partial<Intent['facts']> } = {}): Intent => ({
  action: 'rollback_workload',
  target,
  object: { metadata: { name: 'cart', uid: 'u', annotations: {}, labels: {} } },
  incident: { id: 'i', episode: 1, cluster_id: 'eu-1', severity: 'high', reason: 'R', reasons: [], subject: target },
  autonomy: 'auto',
  run_id: 'r1',
  ...changes,
  facts: {
    now: '2026-01-02T03:04:05.000Z',
    kill_switch: false,
    writes: {},
    busy: [],
    cooling_down: false,
    protected_namespaces: ['kube-system'],
    known: [],
    bundle_hash: null,
    ...changes.facts,
  },
});
const marked = (annotations: Record<string, string>, labels: Record<string, string> = {}) => ({
  metadata: { name: 'x', uid: 'u', annotations, labels },
});

describe('refusal', () => {
  it('lets a wanted repair of the subject through', () => {
    expect(refusal(intent())).toBeUndefined();
  });

  it.each<[string, Parameters<typeof intent>[0]]>([
    ['kill_switch', { facts: { kill_switch: true } }],
    ['wrong_kind', { action: 'cordon_node' }],
    ['out_of_scope', { target: { ...target, name: 'another' } }],
    [
      'protected_namespace',
      { target: { ...target, namespace: 'kube-system' }, facts: { known: [{ ...target, namespace: 'kube-system' }] } },
    ],
    [
      'control_plane_node',
      {
        action: 'cordon_node',
        target: node,
        incident: { ...intent().incident, subject: node },
        object: marked({}, { 'node-role.kubernetes.io/control-plane': '' }),
      },
    ],
    ['node_of_another_incident', { action: 'cordon_node', target: node, facts: { known: [node] } }],
    ['opted_out', { object: marked({ 'aetherius.io/opt-out': 'true' }) }],
    ['frozen', { object: marked({ 'aetherius.io/freeze': '2026-01-02T03:04:05.001Z' }) }],
    ['autonomy_observe', { autonomy: 'observe' }],
    ['autonomy_suggest', { autonomy: 'suggest' }],
    ['target_busy', { facts: { busy: ['eu-1/shop/Deployment/cart'] } }],
    ['cooldown', { facts: { cooling_down: true } }],
    ['too_many_writes', { facts: { writes: { 'eu-1/shop/Deployment/cart': WRITES_PER_HOUR } } }],
  ])('says %s', (code, changes) => {
    expect(refusal(intent(changes))?.code).toBe(code);
  });

  it('says until when an object is frozen, and lets it be changed from then on', () => {
    const object = marked({ 'aetherius.io/freeze': '2026-01-02T03:05:00Z' });
    expect(refusal(intent({ object }))?.message).toMatch(/^Deployment shop\/cart is frozen .* until 2026-01-02T03:05/);
    expect(refusal(intent({ object, facts: { now: '2026-01-02T03:05:00.000Z' } }))).toBeUndefined();
  });

  it.each([
    ['another run closed', 'r0:by_cause/node_disk/contain/act', 'closed_by_another_run'],
    ['another run closed and this one touched', 'r0:contain/act,r1:contain/act', 'closed_by_another_run'],
    ['this run closed itself', 'r1:contain/act', undefined],
    ['nobody marked', '', undefined],
  ])('opens no node that %s', (_, marks, code) => {
    const object = marked(marks === '' ? {} : { 'aetherius.io/commands': marks });
    const own = { target: node, incident: { ...intent().incident, subject: node }, object };
    expect(refusal(intent({ ...own, action: 'uncordon_node' }))?.code).toBe(code);
    expect(refusal(intent({ ...own, action: 'cordon_node' }))).toBeUndefined();
  });

  it('lets an object of the evidence be the target', () => {
    const cart = { kind: 'Pod', namespace: 'shop', name: 'cart-1' };
    expect(refusal(intent({ action: 'delete_pod', target: cart, facts: { known: [cart] } }))).toBeUndefined();
  });
});
