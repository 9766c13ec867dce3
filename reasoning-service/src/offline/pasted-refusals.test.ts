import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';
import { recognise } from '../intake/recognise.ts';
import { decoded } from './decoded.ts';

const unread = (text: string): string[] =>
  recognise({ name: 'x.txt', text }, '2026-11-20T10:15:00.000Z').unread.map(({ reason }) => reason);

describe('what the API server answers to who makes an object', () => {
  const asked = (answer: string) => `$ kubectl create -f job.yaml -n lab\nError from server ${answer}\n`;

  it.each([
    [
      '(Forbidden): error when creating "job.yaml": pods "miner" is forbidden: violates PodSecurity "baseline:latest": hostNetwork (pod must not set securityContext.hostNetwork=true)',
      'admission_podsecurity_rejected Pod lab/miner',
    ],
    [
      '(Forbidden): error when creating "job.yaml": pods "miner" is forbidden: exceeded quota: small, requested: memory=2Gi, used: memory=7Gi, limited: memory=8Gi',
      'quota_exceeded Pod lab/miner',
    ],
    [
      '(InternalError): error when creating "job.yaml": Internal error occurred: failed calling webhook "check.acme.io": failed to call webhook: Post "https://acme.sys.svc:443/v?timeout=10s": context deadline exceeded',
      'webhook_unavailable Webhook check.acme.io',
    ],
  ])('is the reason why there is none: %s', (answer, expected) => {
    expect(allInShort(pasted({ 'x.txt': asked(answer) }))).toEqual([expected]);
    expect(pasted({ 'x.txt': `Error from server ${answer}\n` }).category).toBe(expected.split(' ')[0]);
  });

  it.each([
    ['of another sort', asked('(NotFound): the server could not find the requested resource')],
    [
      'to a person without the right',
      asked('(Forbidden): pods is forbidden: User "eve" cannot create resource "pods"'),
    ],
    [
      'that is a warning only',
      '$ kubectl apply -f web.yaml\nWarning: would violate PodSecurity "restricted:latest": runAsNonRoot != true\ndeployment.apps/web created\n',
    ],
  ])('is named as unread: %s', (_, text) => {
    expect(unread(text)).not.toEqual([]);
    expect(recognise({ name: 'x.txt', text }, '2026-11-20T10:15:00.000Z').events).toEqual([]);
  });
});

describe('the parts of a control plane', () => {
  const table = (row: string) => `$ kubectl get cs
Warning: v1 ComponentStatus is deprecated in v1.19+
NAME                 STATUS      MESSAGE                         ERROR
${row}
scheduler            Healthy     ok
`;

  it.each([
    ['a table', table('etcd-1               Unhealthy   dial tcp 10.0.0.2:2379: i/o timeout'), 'etcd-1'],
    [
      'its checks',
      '$ kubectl get --raw="/livez?verbose"\n[+]ping ok\n[-]etcd failed: reason withheld\nlivez check failed\n',
      'etcd',
    ],
    ['its checks without the command', '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n', 'etcd'],
  ])('that say they are not well are found in %s', (_, text, name) => {
    const found = pasted({ 'x.txt': text });
    expect([allInShort(found), found.unread]).toEqual([[`control_plane_unhealthy ComponentStatus ${name}`], []]);
  });

  it.each([
    ['all is well', table('etcd-1               Healthy     {"health":"true"}')],
    [
      'a port is asked that is no more',
      table(
        'controller-manager   Unhealthy   Get "http://127.0.0.1:10252/healthz": dial tcp 127.0.0.1:10252: connect: connection refused',
      ),
    ],
    ['every check passed', '[+]ping ok\n[+]etcd ok\nreadyz check passed\n'],
  ])('are not blamed where %s', (_, text) => {
    expect(pasted({ 'x.txt': text }).category).not.toBe('control_plane_unhealthy');
  });
});

describe('input in other forms', () => {
  it('of alerts that are all over is no refusal', () => {
    const alert = {
      status: 'resolved',
      labels: { alertname: 'KubePodCrashLooping' },
      startsAt: '2026-11-20T09:00:00Z',
    };
    const found = pasted({ 'a.json': JSON.stringify({ status: 'resolved', alerts: [alert] }) });
    expect([found.status, found.cut]).toEqual([
      'answered',
      ['a.json: 1 alerts that are resolved, pending or silenced'],
    ]);
    expect(unread('{}')).not.toEqual([]);
  });

  it('of two bytes a letter is text, and bytes that are none stay none', () => {
    const table = '\uFEFFNAME   STATUS   ROLES    AGE   VERSION\nn1     NotReady    <none>   40d   v1.31.2\n';
    const little = Buffer.from(table, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16(), Buffer.from(table)])
      expect(inShort(pasted({ 'x.txt': decoded(bytes) }))).toBe('node_not_ready Node n1');
    expect(unread(decoded(Buffer.from([0xff, 0xfe, 0, 0, 1, 0, 0, 0])))).toEqual(['is not text']);
    expect(unread(decoded(Buffer.from([0x7f, 0x45, 0, 0, 1])))).toEqual(['is not text']);
  });
});
