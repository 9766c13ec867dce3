import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

describe('the log of a workload whose pods nothing shows', () => {
  it('tells why its job failed', () => {
    const text = `$ kubectl logs -n etl job/sync
/bin/sh: 1: /scripts/sync.sh: not found
$ kubectl get jobs -n etl
NAME   STATUS   COMPLETIONS   DURATION   AGE
sync   Failed   0/1           5m         5m
`;
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(['job_script_error Job etl/sync']);
  });
});

describe('lines that name the pod which wrote them', () => {
  const refused = 'Error: connect ECONNREFUSED 10.96.1.2:6379';
  const times = ['2026-11-10T09:00:00Z', '2026-11-10T09:00:05Z', '2026-11-10T09:00:10Z'];
  const lines = (prefix: string): string => times.map((time) => `${prefix} ${time} ${refused}\n`).join('');

  it.each([
    ['stern', lines('cart-7c9d8b6f5-4xkqp app'), 'Deployment default/cart'],
    ['stern for all namespaces', lines('shop cart-7c9d8b6f5-4xkqp app'), 'Deployment shop/cart'],
    [
      'stern with its own lines',
      `+ cart-7c9d8b6f5-4xkqp › app\n${lines('cart-7c9d8b6f5-4xkqp app')}- cart-7c9d8b6f5-4xkqp › app\n`,
      'Deployment default/cart',
    ],
    ['kubectl', lines('[pod/cart-7c9d8b6f5-4xkqp/app]'), 'Deployment default/cart'],
    [
      'kubectl after its command',
      `$ kubectl logs -n shop deploy/cart --prefix\n${lines('[pod/cart-7c9d8b6f5-4xkqp/app]')}`,
      'Deployment shop/cart',
    ],
  ])('are that pod’s log: %s', (_, text, subject) => {
    expect(inShort(pasted({ 'x.txt': text }))).toBe(`dependency_unreachable ${subject}`);
  });

  it('are parted by pod and container', () => {
    const text = `[pod/cart-7c9d8b6f5-4xkqp/proxy] ready\n[pod/cart-7c9d8b6f5-4xkqp/app] ${refused}\n[pod/web-6d9c8b7f5-9bzlm/app] ready\n`;
    const table = `$ kubectl get pods -n shop
NAME                   READY   STATUS             RESTARTS      AGE
cart-7c9d8b6f5-4xkqp   1/2     CrashLoopBackOff   5 (10s ago)   23m
web-6d9c8b7f5-9bzlm    1/1     Running            0             23m
`;
    expect(allInShort(pasted({ 'p.txt': table, 'l.log': text }))).toEqual([
      'dependency_unreachable Deployment shop/cart',
    ]);
  });
});
