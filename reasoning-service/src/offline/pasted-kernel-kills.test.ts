import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const kill =
  '[Fri Nov 20 10:13:36 2026] Memory cgroup out of memory: Killed process 30211 (node) total-vm:1893440kB, anon-rss:498112kB\n';
const session = (log: string, more = ''): string => `$ kubectl get pods -n shop
NAME                        READY   STATUS             RESTARTS       AGE
orders-66c8d7f9b5-7b2lv     0/1     CrashLoopBackOff   14 (2m ago)    52m
${more}$ kubectl logs -n shop orders-66c8d7f9b5-7b2lv --tail=5
${log}
$ dmesg -T | tail -1
${kill}`;

describe('a kill that the kernel tells of without the node', () => {
  it.each(['starting worker', '2026-11-20T10:13:37Z ERROR worker pid 41 was terminated by signal 9 (SIGKILL)'])(
    'is of the only container that ends, whose log says "%s"',
    (log) => {
      expect(inShort(pasted({ 'x.txt': session(log) }))).toBe('oom_killed Deployment shop/orders');
    },
  );

  it.each([
    ['a log that tells another end', session("KeyError: 'LEDGER_URL'")],
    [
      'another pod that ends',
      session('starting', 'bills-58d9c7b6f4-zt7rn      0/1     Error              3 (1m ago)     52m\n'),
    ],
  ])('is of none beside %s', (_, text) => {
    expect(allInShort(pasted({ 'x.txt': text })).join()).not.toContain('oom_killed');
  });
});

describe('a kill below a container that goes on', () => {
  const pods = (...names: string[]) =>
    `$ kubectl get pods -n shop\nNAME                    READY   STATUS    RESTARTS   AGE\n${names.map((name) => `${name}-66c8d7f9b5-7b2lv   1/1     Running   0          9d\n`).join('')}`;
  const logs = (name: string, log: string) => `$ kubectl logs -n shop ${name}-66c8d7f9b5-7b2lv\n${log}\n`;
  const dmesg = `$ dmesg -T | tail -1\n${kill}`;
  const found = (text: string) => allInShort(pasted({ 'x.txt': text }));

  it.each([
    'INFO listening on :8080\nERROR child 41 exited with 137, starting another',
    'INFO listening on :8080\n/run.sh: line 7:   118 Killed                  bake --all',
  ])('is of the one whose log tells that it lost a process', (log) => {
    expect(found(`${pods('orders', 'bills')}${logs('orders', log)}${dmesg}`)).toEqual([
      'oom_killed Deployment shop/orders',
    ]);
  });

  it('is of none where two tell so, where none does, or where the kernel says nothing', () => {
    const lost = 'ERROR child 41 exited with 137, starting another';
    const two = `${pods('orders', 'bills')}${logs('orders', lost)}${logs('bills', lost)}${dmesg}`;
    const none = `${pods('orders', 'bills')}${logs('orders', 'INFO listening on :8080')}${dmesg}`;
    for (const text of [two, none, `${pods('orders')}${logs('orders', lost)}`])
      expect(found(text).join()).not.toContain('oom_killed Deployment');
  });
});
