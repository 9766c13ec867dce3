import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const pod = (args: string[]) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'owl-0', namespace: 'wood' },
    spec: { containers: [{ name: 'app', image: 'owl:1', args }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1 } },
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
