import { chmodSync } from 'node:fs';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { managerProcess, secret } from './manager-process.ts';

needs('postgres', 'nats')('the service as a process', () => {
  let manager: Awaited<ReturnType<typeof managerProcess>>;
  beforeAll(async () => {
    manager = await managerProcess();
  });
  afterAll(() => manager.stop());

  it('starts, takes the first token, serves, and ends cleanly on SIGTERM', async () => {
    const { child, over, output } = manager.start();
    const { url } = manager;
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), {
      within: 30_000,
    });
    const { access_token, roles } = await manager.signIn();
    expect(roles).toEqual(['admin']);
    const answer = await fetch(`${url}/api/v1/clusters`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await answer.json()).toEqual({ items: [] });
    const runbook = await fetch(`${url}/api/v1/alert-runbooks/AetheriusPostgresAway`);
    expect(runbook.headers.get('content-type')).toContain('text/plain');
    expect(await runbook.text()).toContain('curl -s $MANAGER/health/ready; told $SERVICE');
    expect((await fetch(`${url}/api/v1/alert-runbooks/Nothing`)).status).toBe(404);
    const page = await (await fetch(`${url}/metrics`)).text();
    const figure = (name: string) => Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec(page)?.[1]);
    expect(figure('aetherius_database_server_connections')).toBeGreaterThan(0);
    expect(figure('aetherius_database_server_connections_limit')).toBeGreaterThan(
      figure('aetherius_database_server_connections'),
    );
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('aetherius_manager_incidents_open{severity="critical",service="agent-manager"} 0');
    child.kill('SIGTERM');
    expect([await over, output()]).toEqual([0, expect.stringContaining('stopped')]);
    expect(output()).not.toContain(secret);
  }, 60_000);

  it('refuses a token file that others may read, and wrong settings, in one clear line', async () => {
    chmodSync(manager.tokenFile, 0o644);
    const loose = manager.start();
    expect(await loose.over).toBe(1);
    expect(loose.output()).toContain('it must be 0600');
    const wrong = manager.start({ PORT: 'http', DATABASE_URL: 'mysql://x' });
    expect(await wrong.over).toBe(1);
    expect(wrong.output()).toMatch(/DATABASE_URL: .*PORT: /);
  }, 60_000);
});
