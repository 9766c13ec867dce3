import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { isSlip } from '../graph/nearest-labels.ts';

const object = (kind: string, name: string, body: JsonObject): BundleObject => ({
  ...{ id: `${kind}/${name}`, kind, namespace: 'shop', name, body },
});
const pod = (app: string) =>
  object('Pod', `${app}-6c5d8f7b9c-xk2lp`, {
    metadata: { labels: { app } },
    spec: { containers: [{ name: app, image: `${app}:1` }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: app, ready: true, restartCount: 0, state: { running: {} } }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
const policy = (name: string, app: JsonObject, from: string) =>
  object('NetworkPolicy', name, {
    spec: {
      podSelector: app,
      policyTypes: ['Ingress'],
      ingress:
        from === '' ? [] : [{ from: [{ podSelector: { matchLabels: { app: from } } }], ports: [{ port: 5000 }] }],
    },
  });
const closed = policy('closed', {}, '');
const line = "ERROR POST http://ledger:5000/entries failed: ConnectTimeoutError('Connection to ledger timed out')";
const answer = (...objects: BundleObject[]) =>
  diagnose(
    aBundle({
      ...{ at: '2026-01-02T03:04:05.000Z', events: [], changes: [] },
      subject: { kind: 'Deployment', namespace: 'shop', name: 'checkout' },
      objects: [
        ...[pod('checkout'), pod('ledger'), closed, ...objects],
        object('Service', 'ledger', { spec: { selector: { app: 'ledger' }, ports: [{ port: 5000 }] } }),
      ],
      logs: [
        {
          id: 'log:1',
          namespace: 'shop',
          pod: 'checkout-6c5d8f7b9c-xk2lp',
          container: 'checkout',
          previous: false,
          lines: [line, line, line],
        },
      ],
    }),
  );
const ledger = { matchLabels: { app: 'ledger' } };

it('names the policy that was meant to open the path and misses an end of it by a letter', () => {
  const { category, root_cause, evidence } = answer(policy('open', ledger, 'chekout'));
  expect([category, root_cause.subject.name]).toEqual(['network_policy_block', 'open']);
  expect(root_cause.description).toBe(
    'NetworkPolicy closed forbids the path to Service ledger; NetworkPolicy open would allow it and asks for app=chekout, where the pods carry app=checkout',
  );
  expect(evidence.map(({ quote }) => quote)).toContain('spec.ingress[0].from[0].podSelector.matchLabels.app: chekout');
  const about = answer(policy('open', { matchLabels: { app: 'leger' } }, 'checkout'));
  expect(about.root_cause.description).toContain('asks for app=leger, where the pods carry app=ledger');
});

it('takes a label for no slip that pods carry, that is far off, or with which the path stays closed', () => {
  for (const others of [
    [policy('open', ledger, 'chekout'), pod('chekout')],
    [policy('open', ledger, 'payments')],
    [policy('open', { matchLabels: { app: 'archive' } }, 'chekout')],
  ])
    expect(answer(...others).root_cause.subject.name).toBe('closed');
});

it.each([
  ['chekout', 'checkout', true],
  ['hceckout', 'checkout', true],
  ['order', 'orders', true],
  ['web', 'wep', false],
  ['cart', 'chat', false],
  ['shard-1', 'shard-2', false],
  ['blue', 'green', false],
])('tells slips from words that are meant to differ: %s and %s', (a, b, expected) => {
  expect(isSlip(a, b)).toBe(expected);
});
