import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';
import { reportOf } from './report.ts';

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

  it('tells of a kill that is no all-clear beside pods that fare well', () => {
    const row =
      'NAMESPACE   NAME      READY   STATUS    RESTARTS   AGE\nmoor        owl-0     1/1     Running   0          3d\n';
    const found = pasted({ 'pods.txt': row, 'node.txt': journal('kernel', kill) });
    expect(found).toMatchObject({ status: 'abstained', category: 'unknown' });
    expect(found.root_cause.description).toContain('Killed process 4711');
  });

  it('and a program that writes the words of the kernel are two things', () => {
    const found = pasted({ 'app.log': `2026-11-20T10:14:01Z INFO  user searched for "${kill}"\n` });
    expect(inShort(found)).toBe('no_incident Log app.log');
  });
});

describe('the clock of a node', () => {
  const lastOf = (text: string): string | undefined =>
    /\((?:OOMKilling|SystemOOM) Node pool-7, at (\S+)\)/.exec(reportOf(pasted({ 'node.txt': text }), undefined))?.[1];

  it('is believed where it tells of the last hour', () => {
    const lastLine = 'Nov 20 10:09:01 pool-7 systemd[1]: Started a unit\n';
    expect(lastOf(`${journal('kernel', kill, 10).replace('10:10', '09:58')}${lastLine}`)).toBe(
      '2026-11-20T09:58:01.000Z',
    );
  });

  it.each([
    ['of another zone', journal('kernel', kill).replace('10:14', '05:14')],
    ['ahead', journal('kernel', kill).replace('10:14', '12:14')],
  ])('that is %s tells how long before the end it was', (_, text) => {
    expect(lastOf(text)).toBe('2026-11-20T10:15:00.000Z');
  });
});

describe('the journal of a kubelet whose runtime does not answer', () => {
  const skips = (why: string) => klog(`"Skipping pod synchronization" err="${why}"`).replace('somewhere', 'kubelet');
  const stale = 'PLEG is not healthy: pleg was last seen active 4m12.3s ago; threshold is 3m0s';
  const starting =
    '[container runtime status check may not have completed yet, PLEG is not healthy: pleg has yet to be successful]';
  const said = (why: string, minute = 14) => journal('kubelet[811]', skips(why), minute);
  const busy = (minute: number) =>
    journal('kubelet[811]', 'I1120 10:14:01.110000     811 kubelet.go:2400] "SyncLoop ADD" source="api"', minute);

  it.each([
    ['it does not list its pods in time', said(stale)],
    ['the runtime is down', said(`[container runtime is down, ${stale}]`)],
    [
      'that the runtime fails its status check',
      journal('kubelet[811]', klog('"Container runtime sanity check failed" err="rpc error: code = DeadlineExceeded"')),
    ],
    ['it has not begun for minutes', said(starting, 10) + said(starting, 14)],
  ])('tells of a node that is not ready: %s', (_, text) => {
    expect(inShort(pasted({ 'node.txt': text }))).toBe('node_not_ready Node pool-7');
  });

  it('is one of a node even under the name of a pod that is ready', () => {
    const row =
      'NAMESPACE   NAME      READY   STATUS    RESTARTS   AGE\nkube-system   ships-0   1/1     Running   0          3d\n';
    const found = pasted({ 'pods.txt': row, 'kube-system_ships-0_ships.log': said(stale) });
    expect(inShort(found)).toBe('node_not_ready Node pool-7');
  });

  it('tells it without the name of a node, too', () => {
    expect(inShort(pasted({ 'kubelet.log': `${skips(stale)}\n` }))).toBe('node_not_ready Log kubelet.log');
  });

  it('is no all-clear beside a row that counts the node as ready', () => {
    const nodes = 'NAME     STATUS   ROLES    AGE   VERSION\npool-7   Ready    <none>   40d   v1.31.2\n';
    const found = pasted({ 'nodes.txt': nodes, 'node.txt': said(stale) });
    expect([inShort(found), found.status]).toEqual(['unknown Node pool-7', 'abstained']);
    expect(found.root_cause.description).toContain('does not answer its kubelet');
  });

  it.each([
    ['begins', said(starting)],
    ['went on after it', said(stale, 10) + busy(20)],
  ])('blames nobody where it %s', (_, text) => {
    expect(pasted({ 'node.txt': text })).toMatchObject({ status: 'abstained', category: 'unknown' });
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
