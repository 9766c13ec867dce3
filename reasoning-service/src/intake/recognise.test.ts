import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assemble } from './assemble.ts';
import { joined } from './reading.ts';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
const bundle = (...texts: [name: string, text: string][]) =>
  assemble(joined(texts.map(([name, text]) => recognise({ name, text }, at))), at);

const pods = `NAME                   READY   STATUS             RESTARTS      AGE
cart-5b8c9d7f4-x2x9k   0/1     CrashLoopBackOff   7 (2m1s ago)  12m
web-0                  1/1     Running            0             3d
`;

describe('tables of kubectl', () => {
  it('tell of pods, with the owner that their names tell', () => {
    const { objects } = bundle(['a.txt', pods]);
    expect(objects[0]).toMatchObject({
      id: 'object:Pod/default/cart-5b8c9d7f4-x2x9k',
      body: {
        metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-5b8c9d7f4' }] },
        status: { containerStatuses: [{ restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      },
    });
  });

  it.each([
    ['3s', '2026-01-02T03:04:02.000Z'],
    ['5m', '2026-01-02T02:59:05.000Z'],
    ['2m10s', '2026-01-02T03:01:55.000Z'],
    ['3d4h', '2025-12-29T23:04:05.000Z'],
    ['<invalid>', undefined],
    ['-5s', undefined],
  ])('tell by an age of %s when an object was made', (age, made) => {
    const [object] = bundle([
      'a.txt',
      `NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          ${age}\n`,
    ]).objects;
    const metadata = object?.body['metadata'] ?? {};
    expect('creationTimestamp' in Object(metadata) ? Object(metadata).creationTimestamp : undefined).toBe(made);
  });

  it('lost their blanks on the way', () => {
    const tabs = pods
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '\t'))
      .join('\n');
    expect(bundle(['a.txt', tabs]).objects[0]?.body).toEqual(bundle(['a.txt', pods]).objects[0]?.body);
  });

  it('of events keep how often and since when', () => {
    const { events } = bundle([
      'e.txt',
      `NAMESPACE   LAST SEEN              TYPE      REASON             OBJECT      MESSAGE
shop        5s (x9 over 2m)        Warning   FailedScheduling   Pod/cart-1  0/3 nodes are available: 3 Insufficient cpu.
shop        <unknown>              Normal    Scheduled          Node/n1     fine
`,
    ]);
    expect(events.find(({ reason }) => reason === 'FailedScheduling')).toMatchObject({
      count: 9,
      namespace: 'shop',
      last_timestamp: '2026-01-02T03:04:00.000Z',
      first_timestamp: '2026-01-02T03:02:05.000Z',
    });
    expect(events.find(({ kind }) => kind === 'Node')?.namespace).toBeNull();
  });

  it('do not tell whether a selector matches pods whose labels they do not show', () => {
    const service =
      'NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR\nweb    ClusterIP   10.96.0.9    <none>        80/TCP    3d    app=web\n';
    const none = 'NAME   ENDPOINTS   AGE\nweb    <none>      3d\n';
    const selectorOf = (text: string) =>
      bundle(['t.txt', text]).objects.find(({ kind }) => kind === 'Service')?.body['spec'];
    expect(selectorOf(`${pods}\n${service}`)).not.toHaveProperty('selector');
    expect(selectorOf(`${pods}\n${service}\n${none}`)).toHaveProperty('selector', { app: 'web' });
    expect(selectorOf(service)).toHaveProperty('selector', { app: 'web' });
  });

  it('of usage become metrics', () => {
    const { metrics } = bundle(
      ['t.txt', 'NAMESPACE   NAME     CPU(cores)   MEMORY(bytes)\nshop        cart-1   250m         96Mi\n'],
      [
        'n.txt',
        'NAME   CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)\nn1     2            50%      4096Mi          51%\n',
      ],
    );
    expect(metrics.map(({ name, labels, points }) => [name, labels, points[0]?.[1]])).toEqual([
      ['cpu_usage_cores', { namespace: 'shop', pod: 'cart-1' }, 0.25],
      ['memory_usage_bytes', { namespace: 'shop', pod: 'cart-1' }, 96 * 1024 ** 2],
      ['cpu_usage_cores', { node: 'n1' }, 2],
      ['memory_usage_bytes', { node: 'n1' }, 4 * 1024 ** 3],
      ['cpu_usage_percent', { node: 'n1' }, 50],
      ['memory_usage_percent', { node: 'n1' }, 51],
    ]);
  });
});

describe('whole listings', () => {
  it.each([
    [
      'a terminal that shows the command',
      'x.txt',
      '$ kubectl get cm -n shop\nNo resources found in shop namespace.\n',
      ['ConfigMap/shop'],
    ],
    [
      'a file whose name tells the kind',
      'configmaps.txt',
      'No resources found in shop namespace.\n',
      ['ConfigMap/shop'],
    ],
    [
      'a table that shows what every namespace has',
      'x.txt',
      '$ kubectl get cm -n shop\nNAME               DATA   AGE\nkube-root-ca.crt   1      3d\n',
      ['ConfigMap/shop'],
    ],
    [
      'a table of one row that was asked for by name',
      'x.txt',
      '$ kubectl get cm a -n shop\nNAME   DATA   AGE\na      1      3d\n',
      [],
    ],
    [
      'several kinds of which one has no rows',
      'x.txt',
      'me@host:~$ kubectl get cm,pvc -n shop\nNAME          DATA   AGE\nconfigmap/a   1      3d\n',
      ['ConfigMap/shop', 'PersistentVolumeClaim/shop'],
    ],
    ['everywhere', 'x.txt', '$ kubectl get netpol -A\nNo resources found\n', ['NetworkPolicy']],
  ])('%s', (_, name, text, complete) => {
    expect(bundle([name, text]).complete).toEqual(complete);
  });

  it('an empty listing of an unknown kind is said to be unread', () => {
    expect(recognise({ name: 'x.txt', text: 'No resources found in shop namespace.' }, at).unread).toEqual([
      { file: 'x.txt', reason: 'says that there are no resources in shop, but not of which kind' },
    ]);
  });

  it('manifests alone bring all that they need', () => {
    const yaml = (kind: string, name: string) =>
      `kind: ${kind}\napiVersion: v1\nmetadata: {name: ${name}, namespace: shop}\n`;
    const { complete } = bundle(['m.yaml', `${yaml('Service', 'a')}---\n${yaml('ConfigMap', 'b')}`]);
    expect(complete).toContain('ConfigMap/shop');
    expect(complete).not.toContain('Secret/shop');
  });
});

describe('logs', () => {
  it('are placed by their name', () => {
    expect(bundle(['sub/shop_cart-1_app_previous.log', 'panic: no\n']).logs).toEqual([
      {
        id: 'log:shop/cart-1/app/previous',
        namespace: 'shop',
        pod: 'cart-1',
        container: 'app',
        previous: true,
        lines: ['panic: no'],
      },
    ]);
  });

  it('of a name that tells nothing belong to the one pod in trouble', () => {
    const { logs } = bundle(['pods.txt', pods], ['out.log', '2026-01-02T03:04:00Z ERROR no\n']);
    expect(logs[0]).toMatchObject({ pod: 'cart-5b8c9d7f4-x2x9k', namespace: 'default' });
  });

  it('that are long keep both ends and what speaks of failure', () => {
    const lines = Array.from({ length: 50_000 }, (_, at_) => (at_ === 20_000 ? 'ERROR disk is full' : `line ${at_}`));
    const { logs, cut } = bundle(['shop_cart-1_app.log', lines.join('\n')]);
    expect(logs[0]?.lines).toHaveLength(701);
    expect(logs[0]?.lines).toContain('ERROR disk is full');
    expect(cut).toEqual(['shop_cart-1_app.log: 49299 of 50000 lines']);
  });

  it('of JSON lines, and of brackets, are logs', () => {
    expect(bundle(['a.txt', '{"level":"error"}\n{"level":"info"}\n']).logs).toHaveLength(1);
    expect(bundle(['b.txt', '[2026-01-02 03:04:05] ERROR x\n[2026-01-02 03:04:06] ERROR y\n']).logs).toHaveLength(1);
  });
});

describe('alerts', () => {
  const alert = (name: string, status: object | string) => ({
    labels: { alertname: name, namespace: 'shop' },
    annotations: { summary: 'x' },
    startsAt: '2026-01-02T03:00:00Z',
    fingerprint: name,
    status,
  });

  it('of a webhook count while they fire', () => {
    const payload = {
      version: '4',
      status: 'firing',
      receiver: 'x',
      alerts: [alert('A', 'firing'), alert('B', 'resolved')],
    };
    const { alerts, cut } = bundle(['w.json', JSON.stringify(payload)]);
    expect(alerts).toEqual([
      {
        id: 'alert:A',
        name: 'A',
        labels: { alertname: 'A', namespace: 'shop' },
        annotations: { summary: 'x' },
        starts_at: '2026-01-02T03:00:00.000Z',
        ends_at: null,
      },
    ]);
    expect(cut).toEqual(['w.json: 1 alerts that are resolved, pending or silenced']);
  });

  it('of a listing count while they are active', () => {
    const listing = [alert('A', { state: 'active' }), alert('B', { state: 'suppressed' })];
    expect(bundle(['l.json', JSON.stringify(listing)]).alerts.map(({ name }) => name)).toEqual(['A']);
  });
});

describe('JSON and YAML', () => {
  const secret = 'kind: Secret\napiVersion: v1\nmetadata: {name: s, namespace: shop}\ndata: {password: aHVudGVyMg==}\n';

  it('never carry what a Secret holds', () => {
    expect(JSON.stringify(bundle(['s.yaml', secret]))).not.toContain('aHVudGVyMg');
  });

  it('name the document that is broken and read the others', () => {
    const found = recognise(
      { name: 'm.yaml', text: `${secret}---\nkind: [\n---\n${secret.replace('name: s', 'name: t')}` },
      at,
    );
    expect(found.objects.map(({ name }) => name)).toEqual(['s', 't']);
    expect(found.unread[0]).toMatchObject({ file: 'm.yaml, document 2' });
  });

  it('refuse references that blow up', () => {
    const bomb = ['kind: A', 'apiVersion: v1', 'a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, inner] of ['ba', 'cb', 'dc', 'ed', 'fe'])
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${inner}`).join(', ')}]`);
    expect(recognise({ name: 'b.yaml', text: bomb.join('\n') }, at).unread[0]?.reason).toContain('cannot be followed');
  });

  it('of a bundle put together by hand fill in what is missing', () => {
    const hand = {
      at,
      objects: [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p', namespace: 'shop' } }, pods],
      logs: [{ pod: 'p', container: 'app', text: 'a\nb' }],
      events: [{ kind: 'Pod', name: 'p', reason: 'X' }, 7],
    };
    const found = bundle(['h.json', JSON.stringify(hand)]);
    expect(found.objects).toHaveLength(3);
    expect(found.logs[0]?.lines).toEqual(['a', 'b']);
    expect(found.cut).toEqual(['h.json: events[1]: is neither an object nor text']);
  });
});

describe('anything', () => {
  it.each([
    ['binary', 'a\u0000b', 'is not text'],
    ['gzip', '\u001f\ufffd\u0008\u0000', 'is an archive: unpack it first'],
    ['zip', 'PK\u0003\u0004\u0014', 'is an archive: unpack it first'],
    ['nothing', '  \n', 'is empty'],
    ['prose', 'Once upon a time.', 'is none of the forms that this command reads'],
    ['other JSON', '{"dependencies":{}}', 'holds no Kubernetes objects, no alerts and no bundle'],
    ['broken JSON', '{"kind": "Pod",', 'is broken JSON'],
    ['a refusal', 'Error from server (Forbidden): pods is forbidden', 'the API server said'],
  ])('%s is said to be unread', (_, text, reason) => {
    expect(recognise({ name: 'x.txt', text }, at).unread[0]?.reason).toContain(reason);
  });

  it.each([
    [
      'deep JSON',
      `{"kind":"A","apiVersion":"v1","metadata":{"name":"a"},"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
    ['deep YAML', `kind: A\napiVersion: v1\nx: ${'['.repeat(20_000)}`],
    [
      'a row that boasts',
      'NAME   READY         STATUS     RESTARTS   AGE\nx      0/999999999   Init:9/999999999   1          1d\n',
    ],
    ['a table without end', `NAME   READY   STATUS   RESTARTS   AGE\n${'a-b 0/1 Error 3 1d\n'.repeat(30_000)}`],
  ])('%s is bounded', (_, text) => {
    expect(JSON.stringify(bundle(['x.txt', text])).length).toBeLessThan(1_000_000);
  });

  it('is answered with a bundle', () => {
    const words = [
      'Name:  x',
      'Events:',
      '{',
      '[',
      'kind: Pod',
      '---',
      'NAME   READY   STATUS   RESTARTS',
      'No resources found',
      '$ kubectl get pods',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(fc.property(text, (one) => bundle(['x.txt', one]).at === at));
  });
});

it('says of a document that is too long to be read whole how to ask for less, and reads a log of such lines', () => {
  const source = (text: string) =>
    recognise({ name: 'x.json', text, left_out: 'x.json: 40 MiB' }, '2026-01-02T03:04:05.000Z');
  const cut = source('{"kind": "List", "items": [{"kind": "Pod", "metadata": {"name": "a\n"}}]}');
  expect(cut.unread).toEqual([{ file: 'x.json', reason: expect.stringContaining('-n NAMESPACE -o json') }]);
  const log = source('{"level":"info","msg":"a"}\n{"level":"info","msg":"b"}\n');
  expect([log.logs[0]?.lines.length, log.unread, log.cut]).toEqual([2, [], ['x.json: 40 MiB']]);
});
