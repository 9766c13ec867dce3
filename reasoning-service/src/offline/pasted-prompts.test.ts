import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const session = (get: string, logs: string = get): string => `${get} get pods -n shop
NAME                          READY   STATUS             RESTARTS      AGE
cart-7c9d8b6f5-4xkqp          0/1     CrashLoopBackOff   5 (10s ago)   23m
${logs} logs -n shop cart-7c9d8b6f5-4xkqp --previous
Traceback (most recent call last):
  File "/srv/run.py", line 3, in <module>
    os.environ["LEDGER_URL"]
KeyError: 'LEDGER_URL'
`;
const told = ['missing_env_var Deployment shop/cart'];

describe('a terminal as people have it', () => {
  it.each([
    '[ops@jump ~]$ kubectl',
    '[root@db-1 my files]# kubectl',
    'jo@laptop ~ % kubectl',
    'jo@laptop work % kubectl.exe',
    'PS C:\\Users\\Jo Doe> kubectl',
    '➜  ~ kubectl',
    '➜  deploys git:(main) ✗ kubectl',
    '(⎈|prod:shop)➜ kubectl',
    '(venv) jo@laptop:~/work$ kubectl',
    '~/work main ❯ kubectl',
    '$ k',
    '$ kubecolor',
    '$ sudo kubectl',
    '$ sudo -E k3s kubectl',
    '$ microk8s kubectl',
    '$ microk8s.kubectl',
    '$ minikube kubectl --',
    '[core@bastion ~]$ oc',
  ])('is read behind "%s"', (typed) => {
    const found = pasted({ 'x.txt': session(typed) });
    expect([allInShort(found), found.unread]).toEqual([told, []]);
  });

  it('may end in a prompt at which nothing was typed', () => {
    expect(allInShort(pasted({ 'x.txt': `${session('[ops@jump ~]$ kubectl')}[ops@jump ~]$ \n` }))).toEqual(told);
  });

  it('is no sentence that speaks of a command', () => {
    const prose = 'Please look at 100 % of what kubectl get pods shows.\n';
    expect(() => pasted({ 'x.txt': prose })).toThrow('nothing of it was read');
  });
});

describe('a table with lines of another program below', () => {
  const table = `NAMESPACE   NAME        READY   STATUS         RESTARTS   AGE
shop        web-abc-0   0/1     ErrImagePull   0          3m
`;

  it.each([
    "Traceback (most recent call last):\nKeyError: 'X'\n",
    'failed to connect to the broker after 3 tries\n',
    '```\n',
    'jo@laptop ~ % \n',
  ])('has no object of %j', (below) => {
    expect(allInShort(pasted({ 'x.txt': table + below }))).toEqual(['image_pull_failure StatefulSet shop/web-abc']);
  });

  it('says what of it is no row', () => {
    expect(pasted({ 'x.txt': `${table}KeyError: 'X'\n` }).unread).toEqual([
      { file: 'x.txt', reason: 'a line in the table of Pods that is no row of it: "KeyError: \'X\'"' },
    ]);
  });
});

describe('a page of Markdown', () => {
  const get = `$ kubectl get pods -n payments
NAME                        READY   STATUS                       RESTARTS   AGE
pay-api-5b5b5b5b5b-qqqqq    0/1     CreateContainerConfigError   0          6m
`;
  const events = `LAST SEEN   TYPE      REASON   OBJECT                         MESSAGE
12s         Warning   Failed   pod/pay-api-5b5b5b5b5b-qqqqq   Error: couldn't find key db-password in Secret payments/pay-db
`;

  it.each([
    [
      'with the commands inside of its fences',
      `\`\`\`console\n${get}\`\`\`\n\`\`\`\n$ kubectl get events -n payments\n${events}\`\`\`\n`,
    ],
    [
      'with the command above its fence',
      `~~~\n${get}~~~\n$ kubectl get events -n payments\n\`\`\`text\n${events}\`\`\`\n`,
    ],
  ])('is read %s', (_, text) => {
    const found = pasted({ 'x.md': text });
    expect([allInShort(found), found.unread]).toEqual([['missing_secret Deployment payments/pay-api'], []]);
  });

  it('takes the words between its fences for nobody’s log', () => {
    const found = pasted({
      'x.txt': `The error began at noon:\n\`\`\`\n${get}\`\`\`\nSomething failed, see the events:\n`,
    });
    expect(found.unread.map(({ reason }) => reason)).toEqual([
      'words outside of the fences: "The error began at noon:"',
      'words outside of the fences: "Something failed, see the events:"',
    ]);
  });
});

describe('what a command tells of whom its output is about', () => {
  const kill =
    '[12345.678901] Out of memory: Killed process 4321 (java) total-vm:8123456kB, anon-rss:7012345kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:14000kB oom_score_adj:0\n';
  const table =
    '$ kubectl get nodes\nNAME       STATUS   ROLES    AGE   VERSION\npool-a-7   Ready    <none>   40d   v1.31.2\n';

  it.each([
    ['$ ssh pool-a-7 dmesg | tail'],
    ['ops@jump:~$ ssh -i key.pem core@pool-a-7 sudo dmesg -T'],
    ['$ kubectl debug node/pool-a-7 -it --image=busybox -- chroot /host dmesg'],
  ])('is the node on which it was run: %s', (line) => {
    expect(inShort(pasted({ 'x.txt': `${line}\n${kill}` }))).toBe('node_memory_pressure Node pool-a-7');
  });

  it('is the node also beside other commands', () => {
    const found = pasted({ 'x.txt': `${table}$ ssh pool-a-7 dmesg\n${kill}` });
    expect(inShort(found)).toBe('node_memory_pressure Node pool-a-7');
  });

  it.each([['$ ssh 10.0.0.7 dmesg'], ['$ dmesg']])('is nothing where no node is named: %s', (line) => {
    expect(inShort(pasted({ 'x.txt': `${line}\n${kill}` }))).toBe('node_memory_pressure Log x.txt');
  });

  const events = `Events:
  Type     Reason     Age                   From     Message
  ----     ------     ----                  ----     -------
  Normal   Killing    2m (x5 over 10m)      kubelet  Container api failed liveness probe, will be restarted
  Warning  Unhealthy  2m (x15 over 10m)     kubelet  Liveness probe failed: HTTP probe failed with statuscode: 404
`;
  const logs = (pod: string) => `---\n$ kubectl logs -n moor ${pod}\n * Serving nests\n`;

  it('is the one pod whose log stands below events without a name', () => {
    expect(inShort(pasted({ 'x.txt': events + logs('eggs-76d8c9b7c4-f9c2d') }))).toBe(
      'probe_liveness_misconfigured Deployment moor/eggs',
    );
  });

  it('is none of two', () => {
    const found = pasted({ 'x.txt': events + logs('eggs-76d8c9b7c4-f9c2d') + logs('owl-76d8c9b7c4-f9c2d') });
    expect(inShort(found)).toBe('probe_liveness_misconfigured Pod moor/<unknown>');
  });
});
