import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fleet } from '@aetherius/local';
import { debianProgram, describeUnless, eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { succeeds } from '../cluster/command.ts';
import { alerts, recordings } from '../src/monitoring/rules.ts';
import { alertmanagerCommand, startWatchers } from '../src/monitoring/watchers.ts';
import { withFleet, withHome } from '../src/test-fleet.ts';

const [prometheus, alertmanager] = await Promise.all([
  debianProgram('prometheus'),
  debianProgram('prometheus-alertmanager'),
]);
const pathOf = (program: typeof prometheus) => ('path' in program ? program.path : '');

async function lacks(): Promise<string | undefined> {
  for (const one of [prometheus, alertmanager]) if ('missing' in one) return one.missing;
  const [program = '', ...words] = [...alertmanagerCommand(pathOf(alertmanager)), '--version'];
  return (await succeeds(program, words)) ? undefined : 'no folder can be laid over /usr/share here, without root';
}

const ask = async <T>(url: string): Promise<T> => (await fetch(url)).json() as Promise<T>;
type Said = { alerts: { labels: Record<string, string>; annotations: Record<string, string> }[] };

/** Takes what Alertmanager posts, by the name of the receiver. */
async function openReceiver() {
  const heard: Record<string, Said[]> = {};
  const server = createServer(async (request, response) => {
    const name = (request.url ?? '/').slice(1);
    heard[name] = [...(heard[name] ?? []), JSON.parse((await request.toArray()).join('')) as Said];
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const alertsOf = (name: string) => (heard[name] ?? []).flatMap((said) => said.alerts);
  return { url, alertsOf, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** A token that ends within days is one of the few things that need not last before somebody is told. */
async function makeShortToken({ urls, api }: Fleet): Promise<string> {
  const answer = await fetch(`${urls['agent-manager']}/api/v1/access/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await api.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'short',
      roles: ['responder'],
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { token: string }).token;
}

/** Where Alertmanager posts to, so that its alerts become events of a cluster. */
const intake = ({ urls }: Fleet, cluster: string, credentials: string) => ({
  url: `${urls['agent-manager']}/api/v1/clusters/${cluster}/alerts`,
  http_config: { authorization: { credentials } },
});

async function alertEvents({ urls, api }: Fleet): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${await api.token()}` };
  const answer = await fetch(`${urls['agent-manager']}/api/v1/events?type=alert`, { headers });
  return ((await answer.json()) as { items: unknown[] }).items;
}

type Targets = { data: { activeTargets: { labels: { job: string }; health: string; lastError: string }[] } };
type Rules = { data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] } };

async function watched(url: string): Promise<void> {
  const { data } = await ask<Targets>(`${url}/api/v1/targets`);
  expect(data.activeTargets.map(({ labels, health, lastError }) => [labels.job, health, lastError]).toSorted()).toEqual(
    ['agent-manager', 'collect-agent', 'orchestrator-service', 'reasoning-service'].map((job) => [job, 'up', '']),
  );
  const rules = (await ask<Rules>(`${url}/api/v1/rules`)).data.groups.flatMap((group) => group.rules);
  expect(rules.map(({ name }) => name).toSorted()).toEqual(
    [...alerts().map(({ alert }) => alert), ...recordings().map(({ record }) => record)].toSorted(),
  );
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
}

describeUnless(await lacks())('Prometheus and Alertmanager over a fleet', () => {
  it('scrape all of it, know every rule, and tell who has to know', async () => {
    await withHome((folder) =>
      withFleet(async ({ fleet, cluster }) => {
        await fleet.attach({ id: 'watched-2', name: 'Watched', env: { KUBE_SERVER: cluster.url, LEADER: 'lease' } });
        const receiver = await openReceiver();
        const credentials = await makeShortToken(fleet);
        const targets = Object.fromEntries(Object.entries(fleet.urls).map(([name, url]) => [name, new URL(url).host]));
        const watchers = await startWatchers({
          programs: { prometheus: pathOf(prometheus), alertmanager: pathOf(alertmanager) },
          folder,
          targets,
          receivers: {
            page: [{ url: `${receiver.url}/page` }],
            shown: [{ url: `${receiver.url}/shown` }, intake(fleet, 'watched-2', credentials)],
          },
        });
        try {
          await eventually(() => watched(watchers.prometheus), { within: 60_000 });
          await eventually(
            () =>
              expect(receiver.alertsOf('shown')).toContainEqual(
                expect.objectContaining({
                  labels: expect.objectContaining({ alertname: 'AetheriusApiTokenExpires', severity: 'info' }),
                }),
              ),
            { within: 60_000 },
          );
          expect(receiver.alertsOf('page')).toEqual([]);
          // The loop is closed: what Prometheus saw of the manager is an event in the manager.
          const event = { reason: 'AetheriusApiTokenExpires', cluster_id: 'watched-2', source: 'alertmanager' };
          await eventually(async () => expect(await alertEvents(fleet)).toMatchObject([event]), { within: 30_000 });
          const labels = { alertname: 'AetheriusOutboxStuck', severity: 'critical', service: 'agent-manager' };
          const posted = await fetch(`${watchers.alertmanager}/api/v2/alerts`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify([{ labels }]),
          });
          expect(posted.status).toBe(200);
          await eventually(() => expect(receiver.alertsOf('page').map((one) => one.labels)).toEqual([labels]), {
            within: 30_000,
          });
        } finally {
          await watchers.stop();
          await receiver.stop();
        }
      }),
    );
  }, 420_000);
});
