import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { programOf } from './program.ts';

const container = { name: 'checkout', image: 'shop/checkout:1' };

/** Everything up to where the program would serve, hold memory or wait. */
function run(script: string, env: Record<string, string> = {}) {
  const upTo = script.split('\n').filter((line) => !/^(sleep|mkdir|touch|httpd)/.test(line));
  return spawnSync('sh', ['-c', upTo.join('\n')], { env, encoding: 'utf8' });
}

describe('programOf', () => {
  it('writes its lines as they are, quotes and all', () => {
    const lines = [`it's "30 seconds" $HOME`, 'second'];
    expect(run(programOf({ logs: lines }, container)).stdout).toBe(`${lines.join('\n')}\n`);
  });

  it('ends by itself only under the settings that are named', () => {
    const exit = { code: 3, after: '2s', logs: ['panic'], when: { env: { TIMEOUT: '30 seconds' } } };
    const script = programOf({ logs: [], exit }, container);
    expect(run(script, { TIMEOUT: '30 seconds' })).toMatchObject({ status: 3, stdout: 'panic\n' });
    expect(run(script, { TIMEOUT: '30s' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('serves the paths it is told, else those that its probes ask for', () => {
    const ports = [{ containerPort: 8080 }];
    const probed = { ...container, ports, readinessProbe: { httpGet: { path: '/ready', port: 'http' } } };
    expect(programOf({}, probed)).toContain('touch /www/index.html /www/ready\nhttpd -p 8080 -h /www');
    expect(programOf({ serves: { port: 9000, paths: ['/a/b'] } }, probed)).toContain(
      'mkdir -p /www/a\ntouch /www/a/b\nhttpd -p 9000 -h /www',
    );
  });

  it('holds memory in the very first process of the container', () => {
    const script = programOf({ memory: '180Mi' }, container);
    expect(script).toContain('exec dd if=/dev/zero of=/tmp/held bs=180M count=1');
    expect(() => execFileSync('sh', ['-n', '-c', script])).not.toThrow();
  });
});
