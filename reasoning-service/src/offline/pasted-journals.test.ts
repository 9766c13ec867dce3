import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const kill = 'Memory cgroup out of memory: Killed process 4711 (node) total-vm:912340kB, anon-rss:104000kB';
const journal = (program: string, message: string, minute = 14) =>
  `Nov 20 10:${minute}:01 pool-7 ${program}: ${message}\n`;
const klog = (words: string) => `E1120 10:14:01.110000     811 somewhere.go:29] ${words}`;

describe('the journal of a node', () => {
  it.each([
    ['a kill by the kernel', journal('kernel', kill), 'oom_killed Node pool-7'],
    [
      'a kill for want of memory on the node',
      journal('kernel', 'Out of memory: Killed process 4711 (node) total-vm:912340kB'),
      'node_memory_pressure Node pool-7',
    ],
    ['a kill in what dmesg prints', `$ dmesg | tail -1\n[ 8123.412] ${kill}\n`, 'oom_killed Log node.txt'],
    [
      'a network that is not ready',
      journal(
        'kubelet[811]',
        klog(
          '"Container runtime network not ready" networkReady="NetworkReady=false message:cni plugin not initialized"',
        ),
      ),
      'pod_sandbox_cni_failure Node pool-7',
    ],
    [
      'an eviction',
      journal('kubelet[811]', klog('"Eviction manager: attempting to reclaim" resourceName="memory"')),
      'node_memory_pressure Node pool-7',
    ],
    [
      'a certificate of the kubelet that ran out',
      journal(
        'kubelet[811]',
        klog('part of the existing bootstrap client certificate in /etc/k/kubelet.conf is expired: 2026-11-19'),
      ),
      'tls_certificate_expired Node pool-7',
    ],
  ])('tells of %s', (_, text, expected) => {
    expect(allInShort(pasted({ 'node.txt': text }))).toEqual([expected]);
  });

  it.each([
    ['that says nothing of the sort', journal('kubelet[811]', klog('"SyncLoop ADD" source="api"'))],
    [
      'whose kill was hours before its end',
      `${journal('kernel', kill, 10)}Nov 20 15:10:01 pool-7 systemd[1]: Started a unit\n`,
    ],
  ])('%s blames nobody', (_, text) => {
    expect(pasted({ 'node.txt': text })).toMatchObject({ status: 'abstained', category: 'unknown' });
  });

  it('and a program that writes the words of the kernel are two things', () => {
    const found = pasted({ 'app.log': `2026-11-20T10:14:01Z INFO  user searched for "${kill}"\n` });
    expect(inShort(found)).toBe('no_incident Log app.log');
  });
});

describe('a service of which a table does not show the selector', () => {
  const table = (replicas: string, address: string, pod = '') => `$ kubectl get deploy,svc,ep,pod -n pay
NAME                     READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/ledger   ${replicas}     ${replicas.at(-1)}            ${replicas[0]}           30d

NAME             TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/ledger   ClusterIP   10.96.1.9    <none>        80/TCP    30d

NAME               ENDPOINTS   AGE
endpoints/ledger   ${address}      30d
${pod}`;

  it('has nobody behind it where its endpoints are empty', () => {
    const found = pasted({ 'x.txt': table('0/0', '<none>') });
    expect(inShort(found)).toBe('service_no_endpoints Service pay/ledger');
    expect(found.root_cause.subject).toEqual({ kind: 'Deployment', namespace: 'pay', name: 'ledger' });
  });

  it('is no fault of its own while what stands behind it is broken', () => {
    const pod =
      '\nNAME                           READY   STATUS             RESTARTS      AGE\npod/ledger-7c9d8b6f5-4xkqp   0/1     CrashLoopBackOff   7 (1m ago)   30d\n';
    expect(allInShort(pasted({ 'x.txt': table('0/1', '<none>', pod) }))).toEqual(['unknown Deployment pay/ledger']);
  });

  it('is well with an address', () => {
    expect(pasted({ 'x.txt': table('1/1', '10.2.0.4:80') }).category).toBe('no_incident');
  });
});
