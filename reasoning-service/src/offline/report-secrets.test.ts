import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const pod = (args: string[], env: object[] = [], message = '') =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'owl-0', namespace: 'wood' },
    spec: { containers: [{ name: 'app', image: 'owl:1', args, env }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1, message } },
        },
      ],
    },
  });

describe('what a report shows of a secret', () => {
  it.each([
    'FATAL cannot start: migrate --password Zq7leak1 --host db failed',
    'FATAL config {\\"db\\":{\\"password\\":\\"Zq7leak1\\"}} rejected',
    'FATAL login of owl with Zq7leak1 was refused',
  ])('nothing, but the words around it: %s', (line) => {
    const findings = pasted({ 'pod.json': pod(['--db-password', 'Zq7leak1']), 'owl-0.log': `${line}\n` });
    const shown = JSON.stringify(findings);
    expect(shown).toContain('FATAL');
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain('Zq7leak1');
  });
});

describe('a value that is masked where it is filed', () => {
  const words = 'FATAL login was refused, tried Zq7leak1&8 on db.wood.svc:5432 after 3600 s, see /run/login';
  const env = [
    { name: 'DB_PASSWORD', value: 'Zq7leak1&8' },
    { name: 'TOKEN_TTL', value: '3600' },
    { name: 'PASSWORD_FILE', value: '/run/login' },
  ];
  const shownOf = (texts: Record<string, string>): string => JSON.stringify(pasted(texts));

  it.each([
    ['of a variable, in the words of its end', { 'pod.json': pod([], env, words) }],
    ['of a variable, in a log beside it', { 'pod.json': pod([], env), 'owl-0.log': `${words}\n` }],
    ['of an option of a shell', { 'pod.json': pod(['sh', '-c', 'exec owl --db-password Zq7leak1&8'], [], words) }],
    [
      'of a Secret',
      {
        'pod.json': pod([], [], words),
        'secret.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: {name: owl, namespace: wood}\ndata: {pw: WnE3bGVhazEmOA==, host: ZGIud29vZC5zdmM=}\n',
      },
    ],
  ])('%s, stands nowhere else either, and what is no secret stays', (_, texts) => {
    const shown = shownOf(texts);
    expect(shown).not.toContain('Zq7leak1');
    expect(shown).toContain('tried [redacted] on db.wood.svc:5432 after 3600 s, see /run/login');
  });
});
