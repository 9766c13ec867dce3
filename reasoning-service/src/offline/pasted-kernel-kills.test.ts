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

describe('a kill whose control group the kernel names', () => {
  const uid = '1f2e3d4c-5b6a-4978-8a9b-0c1d2e3f4a5b';
  const [running, ended, foreign] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
  const path = (pod: string, id = ended) =>
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`;
  const kernel = (cgroup: string) =>
    [
      `[ 8123.400000] node invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984`,
      `[ 8123.410000] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=node,pid=4711,uid=1000`,
      '[ 8123.412000] Memory cgroup out of memory: Killed process 4711 (node) total-vm:912340kB, anon-rss:104000kB',
    ].join('\n');

  const pod = (name: string, own: string, status: object, annotations = {}) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'moor', uid: own, annotations } },
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'a:1', resources: { limits: { memory: '128Mi' } } }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', ...status }] },
  });
  const up = {
    ...{ ready: true, restartCount: 0, containerID: `containerd://${running}` },
    state: { running: { startedAt: '2026-11-18T10:00:00Z' } },
  };
  const down = {
    ...{ ready: false, restartCount: 5, containerID: `containerd://${ended}` },
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', containerID: `containerd://${ended}` } },
  };
  const other = '9a8b7c6d-5e4f-4321-8765-a1b2c3d4e5f6';
  const found = (pods: object[], cgroup: string) =>
    pasted({
      'pods.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }),
      'dmesg.txt': kernel(cgroup),
    });

  it.each([
    ['ends, whatever its exit code', [pod('owl', uid, down), pod('kite', other, down)], path(uid), 'moor/owl'],
    ['goes on', [pod('owl', uid, up), pod('kite', other, up)], path(uid, running), 'moor/owl'],
    [
      'is under cgroupfs',
      [pod('owl', uid, up), pod('kite', other, up)],
      `/kubepods/burstable/pod${uid}/${running}`,
      'moor/owl',
    ],
    [
      'its node has from a file',
      [pod('owl', uid, up, { 'kubernetes.io/config.hash': 'd'.repeat(32) }), pod('kite', other, up)],
      path('d'.repeat(32), running),
      'moor/owl',
    ],
  ])('is of the one pod of that UID, which %s', (_, pods, cgroup, name) => {
    const answer = found(pods, cgroup);
    expect(allInShort(answer)).toContain(`oom_killed Pod ${name}`);
    expect(allInShort(answer).filter((one) => one.startsWith('oom_killed'))).toHaveLength(1);
    const quotes = answer.evidence.map(({ quote }) => quote);
    expect(quotes).toContainEqual(expect.stringContaining(`task_memcg=${cgroup}`));
    expect(quotes).toContainEqual(expect.stringMatching(/^Memory cgroup out of memory: Killed process 4711/));
  });

  it('is of no pod that was read where none has that UID', () => {
    const answer = found(
      [pod('kite', other, { ...down, lastState: { terminated: { exitCode: 137, reason: 'Error' } } })],
      path(uid),
    );
    expect(allInShort(answer)).toContain('oom_killed Log dmesg.txt');
    expect(allInShort(answer)).not.toContain('oom_killed Pod moor/kite');
    const said = [answer, ...answer.further_findings].map(({ root_cause }) => root_cause.description).join();
    expect(said).toContain(`the pod whose UID is ${uid}, which was not read`);
  });

  it('is no present fault of a pod that fares well in a later run', () => {
    const answer = found([pod('owl', uid, up)], path(uid, foreign));
    expect(answer).toMatchObject({ status: 'abstained', category: 'unknown' });
  });
});

describe('a kill whose pod the kubelet names beside its UID', () => {
  const uid = '1f2e3d4c-5b6a-4978-8a9b-0c1d2e3f4a5b';
  const slice = `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice`;
  const journal = (kubelet: string, task = `task_memcg=${slice}/cri-containerd-${'a'.repeat(64)}.scope,`) =>
    [
      `Nov 20 10:13:36 fen-4 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=${slice},${task}task=node,pid=4711,uid=1000`,
      'Nov 20 10:13:36 fen-4 kernel: Memory cgroup out of memory: Killed process 4711 (node) total-vm:912340kB',
      `Nov 20 10:13:37 fen-4 kubelet[903]: I1120 10:13:37.101233     903 kubelet.go:2453] ${kubelet}`,
    ].join('\n');
  const found = (kubelet: string, task?: string) => pasted({ 'journal.txt': journal(kubelet, task) });
  const dies = (id: string) =>
    `"SyncLoop (PLEG): event for pod" pod="moor/owl-58d6bcb5b7-dk5xz" event={"ID":"${id}","Type":"ContainerDied"}`;

  it.each([
    ['newer', dies(uid)],
    ['newer, by a field', `"Killing container" pod="moor/owl-58d6bcb5b7-dk5xz" podUID="${uid}" containerName="app"`],
    ['older', `SyncLoop (PLEG): "owl-58d6bcb5b7-dk5xz_moor(${uid})", event: &pleg.PodLifecycleEvent{}`],
  ])('is of that pod, as a %s kubelet writes it', (_, line) => {
    const told = found(line);
    expect(inShort(told)).toBe('oom_killed Deployment moor/owl');
    expect(told.evidence.map(({ quote }) => quote)).toContain(line);
  });
  it('is of that pod where the kernel names only the group that was full', () => {
    expect(inShort(found(dies(uid), ''))).toBe('oom_killed Deployment moor/owl');
  });
  it('is of none where the line is of another', () => {
    expect(inShort(found(dies('9a8b7c6d-5e4f-4321-8765-a1b2c3d4e5f6')))).toBe('oom_killed Node fen-4');
  });
  it('is of the row of that pod, and of no other', () => {
    const pods = `NAMESPACE  NAME                    READY  STATUS     RESTARTS     AGE
moor       owl-58d6bcb5b7-dk5xz    0/1    OOMKilled  3 (1m ago)   2h
moor       kite-66c8d7f9b5-7b2lv   0/1    Error      3 (1m ago)   2h
`;
    const told = allInShort(pasted({ 'journal.txt': journal(dies(uid)), 'pods.txt': pods }));
    expect(told.filter((one) => one.startsWith('oom_killed'))).toEqual(['oom_killed Deployment moor/owl']);
  });
  it('takes nothing from a row that tells of a kill where no line names the pod', () => {
    const pods =
      'NAMESPACE  NAME        READY  STATUS     RESTARTS     AGE\nmoor       kite-66c8d7f9b5-7b2lv   0/1    OOMKilled  3 (1m ago)   2h\n';
    const told = pasted({ 'journal.txt': journal('"nothing of any pod"'), 'pods.txt': pods });
    expect(allInShort(told)).toContain('oom_killed Deployment moor/kite');
  });
});
