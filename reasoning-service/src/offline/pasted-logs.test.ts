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

describe('a log that is all there is', () => {
  const lines = (...all: string[]) => `${all.map((line, at) => `2026-11-20T10:0${at}:00Z ${line}`).join('\n')}\n`;
  const calm = lines('INFO  worker started', 'INFO  settled 210 invoices, 0 failed', 'WARN  flag --v1 is deprecated');

  it('and complains of nothing has nothing wrong in it, which says nothing of anything else', () => {
    const found = pasted({ 'billing.log': calm });
    expect(inShort(found)).toBe('no_incident Log billing.log');
    expect(found.confidence).toBeLessThan(0.75);
    expect(found.root_cause.description).toContain('nothing but the log was read');
    expect(found.evidence).toHaveLength(2);
  });

  it('and stopped as it was told to is well, whatever it said while it stopped', () => {
    const ended = ['INFO  received SIGTERM, draining', 'ERROR listener closed', 'INFO  shutdown complete'];
    expect(pasted({ 'billing.log': lines(...ended) }).category).toBe('no_incident');
    expect(pasted({ 'billing.log': lines('ERROR ledger is corrupt', ...ended) }).status).toBe('abstained');
    expect(pasted({ 'billing.log': lines(...ended.slice(0, 2)) }).status).toBe('abstained');
  });

  it.each([
    'ERROR ledger 7 is corrupt',
    'WARN  ledger 7 answers late',
    'worker 7 killed',
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in <module>\nLedgerTorn: 7',
    'java.lang.IllegalStateException: ledger 7',
    '10.0.0.9 - - "GET /ledger HTTP/1.1" 503 12',
    'INFO  child exited with code 3',
  ])('and ends in trouble that no rule knows stays open: %s', (line) => {
    const found = pasted({ 'billing.log': calm + line });
    expect([found.status, found.subject]).toEqual(['abstained', { kind: 'Log', namespace: null, name: 'billing.log' }]);
  });

  it('and of a run that ended is no sign of health', () => {
    expect(pasted({ 'x.txt': `$ kubectl logs billing-0 -n pay -p\n${calm}` }).category).not.toBe('no_incident');
  });

  it('is the subject of what it tells, as long as nothing says who wrote it', () => {
    const down = lines('ERROR connect ECONNREFUSED 10.96.1.2:6379');
    expect(inShort(pasted({ 'billing.log': down }))).toBe('dependency_unreachable Log billing.log');
    expect(inShort(pasted({ 'x.txt': `$ kubectl logs billing-0 -n pay\n${down}` }))).toBe(
      'dependency_unreachable StatefulSet pay/billing',
    );
  });

  it('and long is passed over whole, whatever its name', () => {
    const one = `${calm}${'2026-11-20T10:05:00Z INFO  settled one more invoice\n'.repeat(60_000)}`;
    const text = `${one}2026-11-20T10:06:00Z ERROR write /data/7: no space left on device\n${one}`;
    expect(inShort(pasted({ 'billing.txt': text }))).toBe('disk_full Log billing.txt');
    const terminal = pasted({ 'x.txt': `$ kubectl logs billing-0 -n pay\n${text}` });
    expect(terminal.cut.some((line) => line.includes('MiB between'))).toBe(true);
  });
});
