import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';
import { recognise } from '../intake/recognise.ts';

const at = '2026-11-20T10:15:00.000Z';
const read = (text: string, name = 'x.txt') => recognise({ name, text }, at);
const short = (text: string): string => inShort(pasted({ 'x.txt': text }));

describe('rows without their header', () => {
  it.each([
    [
      'of pods, below a command that filters',
      '$ kubectl get po -n pay | grep -i oom\nledger-7b9d8c6f5d-qqwrt   0/1   OOMKilled   3 (41s ago)   9m\n',
      'oom_killed Deployment pay/ledger',
    ],
    [
      'of pods with their namespace, alone',
      'web   front-6f7c9d8b5-x2x9k   0/1   ErrImagePull   0   4m11s\n',
      'image_pull_failure Deployment web/front',
    ],
    [
      'of events',
      '2m9s   Warning   FailedScheduling   pod/train-5c9f8d7b6-mmnnp   0/4 nodes are available: 4 Insufficient nvidia.com/gpu.\n',
      'unschedulable_insufficient_resource Deployment default/train',
    ],
    [
      'of nodes',
      'worker-9   NotReady   <none>   88d   v1.30.4\nworker-8   Ready      <none>   88d   v1.30.4\n',
      'node_not_ready Node worker-9',
    ],
  ])('%s', (_, text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it('of events about no object are about a pod without a name, and what names it is said', () => {
    const found = pasted({
      'x.txt':
        '  Warning  FailedMount  9s (x6 over 26s)  kubelet  MountVolume.SetUp failed for volume "tls" : secret "edge-tls" not found\n',
    });
    expect(inShort(found)).toBe('missing_secret Pod default/<unknown>');
    expect(found.missing_evidence).toEqual(['which Pod it is, for the text does not say: kubectl get pod -A']);
    expect(JSON.stringify(found.recommendations)).not.toContain('<unknown>');
  });

  it('belong to the pod that is in trouble beside them', () => {
    const table =
      'NAME                     READY   STATUS                       RESTARTS   AGE\nbot-7b9d8c6f5d-qqwrt     0/1     CreateContainerConfigError   0          3m\n';
    const event = 'Warning  Failed  9s (x6 over 26s)  kubelet  Error: configmap "bot-env" not found\n';
    expect(allInShort(pasted({ 'x.txt': `${table}\n${event}` }))).toEqual(['missing_configmap Deployment default/bot']);
  });

  it.each([
    ['an application that writes the word Warning', 'Warning: cache is cold\nserving on port 8080\n'],
    ['levels in words', 'Normal start of the scheduler took 3m\nWarning threshold is set to 5m\n'],
    ['times and names', '2026-11-20T10:00:00Z INFO worker-9 Ready after 88d of uptime\n'],
    ['a ratio and an age', 'copied 3/4 chunks in 12m\nerror budget 1/5 left after 3d\n'],
  ])('are not %s', (_, text) => {
    expect(read(text)).toMatchObject({ objects: [], events: [], logs: [{ file: 'x.txt' }] });
  });

  it('are no whole listing', () => {
    expect(read('default   kube-root-ca.crt   1   3d\nteam   Active   3d\nother   Active   3d\n').complete).toEqual([]);
  });
});

describe('tables that a chat or a terminal has changed', () => {
  it.each([
    [
      'one blank between the columns',
      'NAME READY STATUS RESTARTS AGE\ncart-6f7c9d8b5-x2x9k 0/1 ImagePullBackOff 0 22m\nweb-6f7c9d8b5-x2x9k 1/1 Running 3 (5d ago) 9d\n',
      'image_pull_failure Deployment default/cart',
    ],
    [
      'one blank between those of events',
      'LAST SEEN TYPE REASON OBJECT MESSAGE\n3m (x4 over 9m) Warning FailedMount pod/cart-6f7c9d8b5-x2x9k MountVolume.SetUp failed for volume "c" : configmap "cart-conf" not found\n',
      'missing_configmap Deployment default/cart',
    ],
    [
      'a frame of k9s around it',
      `╭──────────────────────── Pods(pay)[1] ────────────────────────╮
│ NAME↑                   PF READY STATUS     RESTARTS AGE     │
│ till-6f7c9d8b5-x2x9k    ●  0/1   OOMKilled         4 12m     │
╰──────────────────────────────────────────────────────────────╯
`,
      'oom_killed Deployment pay/till',
    ],
    [
      'lines broken where the terminal ended',
      `$ kubectl get events -n pay
LAST SEEN   TYPE      REASON        OBJECT                     MES
SAGE
14s         Warning   FailedMount   pod/till-6f7c9d8b5-x2x9k   Mou
ntVolume.SetUp failed for volume "c" : secret "till-key" not found
9s          Normal    Pulled        pod/web-6f7c9d8b5-x2x9k    ok
`,
      'missing_secret Deployment pay/till',
    ],
  ])('by %s', (_, text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it('keep two rows that happen to be equally long', () => {
    const rows = Array.from({ length: 3 }, (_, n) => `web-6f7c9d8b5-x2x9${n}   1/1     Running   0          3d`).join(
      '\n',
    );
    const { objects, unread } = read(`NAME                  READY   STATUS    RESTARTS   AGE\n${rows}\n`);
    expect([objects.length, unread]).toEqual([3, []]);
  });
});

describe('parts of a description', () => {
  it.each([
    [
      'the events alone',
      'Events:\n  Type     Reason             Age   From               Message\n  ----     ------             ----  ----               -------\n  Warning  FailedScheduling   9s    default-scheduler  0/2 nodes are available: 2 node(s) had untolerated taint {gpu: only}.\n',
      'unschedulable_taint Pod default/<unknown>',
    ],
    [
      'a container alone',
      '    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n    Restart Count:  5\n',
      'oom_killed Pod default/<unknown>',
    ],
    [
      'a container that lost its indentation',
      'Last State:     Terminated\n  Reason:       OOMKilled\n  Exit Code:    137\nRestart Count:  5\n',
      'oom_killed Pod default/<unknown>',
    ],
    [
      'names and reasons of several pods',
      '$ kubectl describe po -n pay | egrep "^Name:|Reason|Exit"\nName:             till-6f7c9d8b5-x2x9k\n      Reason:       CrashLoopBackOff\n      Reason:       OOMKilled\n      Exit Code:    137\nName:             web-6f7c9d8b5-x2x9k\n',
      'oom_killed Deployment pay/till',
    ],
    [
      'a row of the conditions of a node',
      '$ kubectl describe node n7 | grep Ready\n  Ready   False   Fri, 20 Nov 2026 10:10:01 +0000   Fri, 20 Nov 2026 09:41:01 +0000   KubeletNotReady   PLEG is not healthy: pleg was last seen active 9m ago\n',
      'node_not_ready Node n7',
    ],
  ])('%s', (_, text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it('keep the reason and the message of the pod itself', () => {
    const text =
      '$ kubectl describe pod scan-6b9c7d5f88-q2w4r -n lab | grep -E "Status|Reason|Message"\nStatus:           Failed\nReason:           Evicted\nMessage:          The node was low on resource: memory. Threshold quantity: 200Mi, available: 121Mi.\n';
    expect(short(text)).toMatch(/^node_memory_pressure /);
  });

  it('of a kind that only its operator knows tell that it is not ready', () => {
    const text =
      'Name:         lake\nNamespace:    data\nAPI Version:  streams.example.org/v1\nKind:         Broker\nStatus:\n  Conditions:\n    Last Transition Time:  2026-11-20T08:00:00Z\n    Message:               waited too long for lake-2\n    Reason:                Timeout\n    Status:                True\n    Type:                  NotReady\nEvents:                    <none>\n';
    expect(short(text)).toBe('unknown Broker data/lake');
    expect(short(text.replace('True', 'False'))).toBe('no_incident Broker data/lake');
  });

  it('of a kind that only its operator knows keep its conditions and dates', () => {
    const certificate = (end: string) =>
      `Name:         edge\nNamespace:    web\nAPI Version:  cert-manager.io/v1\nKind:         Certificate\nSpec:\n  Secret Name:  edge-tls\nStatus:\n  Conditions:\n    Last Transition Time:  2026-11-01T00:00:00Z\n    Message:               Certificate is up to date\n    Status:                True\n    Type:                  Ready\n  Not After:               ${end}\n`;
    expect(short(certificate('2026-10-31T00:00:00Z'))).toBe('tls_certificate_expired Certificate web/edge');
    expect(short(certificate('2027-10-31T00:00:00Z'))).toBe('no_incident Certificate web/edge');
  });
});

describe('parts of an object', () => {
  const oom = 'oom_killed Pod default/<unknown>';
  it.each([
    [
      'the end of a YAML',
      '$ kubectl get po till-0 -n pay -o yaml | tail -9\n    lastState:\n      terminated:\n        exitCode: 137\n        reason: OOMKilled\n    name: till\n    ready: false\n    restartCount: 7\n  phase: Running\n',
      'oom_killed StatefulSet pay/till',
    ],
    ['a state in YAML', 'lastState:\n  terminated:\n    exitCode: 137\n    reason: OOMKilled\n', oom],
    [
      'lines of JSON',
      '      "lastState": {\n        "terminated": {\n          "exitCode": 137,\n          "reason": "OOMKilled"\n',
      oom,
    ],
    [
      'what jq prints',
      '{"restartCount":4,"name":"a","ready":false,"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}',
      oom,
    ],
    [
      'a status with its pod in a message',
      'state:\n  waiting:\n    message: back-off 5m0s restarting failed container=a pod=till-6f7c9d8b5-x2x9k_pay(1-2)\n    reason: CrashLoopBackOff\nlastState:\n  terminated:\n    exitCode: 137\n    reason: OOMKilled\nrestartCount: 3\n',
      'oom_killed Deployment pay/till',
    ],
  ])('%s', (_, text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it('are not other YAML or JSON', () => {
    for (const text of ['name: build\nsteps:\n  - run: make\n', '{"state":"open","name":"x"}'])
      expect(read(text)).toMatchObject({ objects: [], unread: [{ file: 'x.txt' }] });
  });

  it('are put back where the values stood that a command chose', () => {
    for (const [between, printed] of [
      [' ', ' '],
      ['{"\\n"}', '\n'],
      ['{", "}', ', '],
    ])
      expect(
        read(
          `$ kubectl get pod till-0 -n pay -o jsonpath='{.metadata.deletionTimestamp}${between}{.metadata.finalizers}'\n2026-11-18T09:00:00Z${printed}["acme.io/keep"]\n`,
        ).objects,
      ).toMatchObject([
        {
          ...{ kind: 'Pod', namespace: 'pay', name: 'till-0' },
          body: { metadata: { deletionTimestamp: '2026-11-18T09:00:00Z', finalizers: ['acme.io/keep'] } },
        },
      ]);
    const range = `$ kubectl get po -n pay -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'\ntill-0\tRunning\ntill-1\tPending\n`;
    expect(read(range).objects.map(({ name, body }) => [name, Object(body['status']).phase])).toEqual([
      ['till-0', 'Running'],
      ['till-1', 'Pending'],
    ]);
    expect(
      short(
        '$ kubectl get po -n pay -o custom-columns=POD:.metadata.name,WHY:.status.containerStatuses[*].state.waiting.reason\nPOD                    WHY\ntill-6f7c9d8b5-x2x9k   ErrImagePull\n',
      ),
    ).toBe('image_pull_failure Deployment pay/till');
  });

  it.each([
    ['a choice', '{.status.conditions[?(@.type=="Ready")].status}', 'False'],
    ['a list of names', '{.items[*].metadata.name}', 'a b c'],
    [
      'a line for each value',
      '{range .items[*]}{.metadata.name}{"\\n"}{.status.phase}{"\\n"}{end}',
      'till-0\nRunning\ntill-1\nPending',
    ],
    ['the prototype of everything', '{.__proto__.polluted}', 'yes'],
  ])('are named where they cannot be: %s', (_, path, answer) => {
    const { objects, logs, unread } = read(`$ kubectl get pods -n pay -o jsonpath='${path}'\n${answer}\n`);
    expect([objects, logs, unread.length, Object.hasOwn(Object.prototype, 'polluted')]).toEqual([[], [], 1, false]);
  });
});

describe('what is said in one sentence', () => {
  it.each([
    ['> 0/3 nodes are available: 3 node(s) exceed max volume count.', 'unschedulable_volume_limit'],
    ['message: Readiness probe failed: HTTP probe failed with statuscode: 503', 'unknown'],
    [
      'Failed to pull image "r.acme.io/a:1": rpc error: code = Unknown desc = 401 Unauthorized',
      'image_pull_unauthorized',
    ],
    ['Unable to connect to the server: x509: certificate has expired or is not yet valid', 'tls_certificate_expired'],
  ])('%s', (text, category) => {
    expect(pasted({ 'x.txt': text }).category).toBe(category);
  });

  it.each([
    ['prose', 'My pod says 0/3 nodes are available, what now?'],
    ['a sentence among prose', '0/3 nodes are available: 3 Insufficient cpu.\nWhat should I do?'],
  ])('is nothing in %s', (_, text) => {
    expect(read(text)).toMatchObject({
      events: [],
      unread: [{ reason: 'is none of the forms that this command reads' }],
    });
  });

  it('by a policy names what it refuses, where it does', () => {
    const kyverno =
      'Error from server: error when creating "a.yaml": admission webhook "validate.kyverno.svc-fail" denied the request:\n\nresource StatefulSet/pay/till was blocked due to the following policies\n\nno-root:\n  check: must not run as root\n';
    expect(short(kyverno)).toBe('admission_podsecurity_rejected StatefulSet pay/till');
    const gatekeeper =
      'Error from server (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [owner] you must provide labels: {"owner"}\n';
    expect(short(gatekeeper)).toBe('admission_podsecurity_rejected Object default/<unknown>');
  });
});

describe('a text that may be a piece of an answer', () => {
  it.each([
    'container app failed: OOMKilled, see dashboard\nall else is fine\n',
    'error seen: ImagePullBackOff\n',
    'Reason:       Error\nfailed at 10\n',
    'lastState: terminated with error\n',
  ])('is never acquitted: %s', (text) => {
    expect(pasted({ 'x.txt': text }).category).not.toBe('no_incident');
  });

  it('is a log where nothing of that stands in it', () => {
    expect(pasted({ 'x.log': '2026-11-20T10:00:00Z INFO started\n2026-11-20T10:01:00Z INFO ready\n' }).category).toBe(
      'no_incident',
    );
  });
});

describe("tables of operators' own kinds", () => {
  const table = (ready: string) =>
    `$ kubectl get redisclusters.cache.acme.io -n pay\nNAME    SHARDS   READY   MESSAGE\nblue    3        True    \ngreen   3        ${ready}   ${ready === 'True' ? '' : 'quorum lost'}\n`;

  it('are read by what they say of being ready', () => {
    const found = pasted({ 'x.txt': table('False') });
    expect(allInShort(found)).toEqual(['unknown Rediscluster pay/green']);
    expect(found.root_cause.description).toContain('quorum lost');
    expect(pasted({ 'x.txt': table('True') }).category).toBe('no_incident');
  });

  it('stay unread where they say nothing of it', () => {
    expect(read('NAME   SHARDS   OWNER\nblue   3        me\n').unread[0]?.reason).toBe(
      'a table with the columns NAME, SHARDS, OWNER',
    );
  });
});

describe('what other tools write down', () => {
  const entry = (second: number, message: string) => ({
    textPayload: message,
    resource: {
      type: 'k8s_container',
      labels: { namespace_name: 'pay', pod_name: 'till-6f7c9d8b5-x2x9k', container_name: 'till' },
    },
    timestamp: `2026-11-20T10:00:0${second}Z`,
    severity: 'ERROR',
  });

  it('is a log of the pod that each entry names, in order of time', () => {
    const said = [3, 2, 1].map((second) =>
      entry(second, `dial tcp 10.0.0.7:5432: connect: connection refused (${second})`),
    );
    for (const text of [JSON.stringify(said), said.map((one) => JSON.stringify(one)).join('\n')]) {
      const { logs } = read(text, 'x.json');
      expect(logs).toMatchObject([{ namespace: 'pay', pod: 'till-6f7c9d8b5-x2x9k', container: 'till' }]);
      expect(logs[0]?.lines[0]).toContain('(1)');
      expect(inShort(pasted({ 'x.json': text }))).toBe('dependency_unreachable Deployment pay/till');
    }
  });

  it('is no evidence where an entry names no pod that can be', () => {
    const entries = JSON.stringify([
      { ...entry(1, 'x'), resource: { labels: { pod_name: '../x; rm', namespace_name: 'pay' } } },
    ]);
    expect(read(entries, 'x.json')).toMatchObject({ logs: [], unread: [{ file: 'x.json[0]' }] });
  });
});
