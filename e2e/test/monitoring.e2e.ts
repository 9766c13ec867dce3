import type { Fleet } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { fakeModel } from '../../reasoning-service/test/fake-model.ts';
import { runCommand, succeeds } from '../cluster/command.ts';
import { expressionsOf } from '../src/monitoring/dashboard.ts';
import { dashboards } from '../src/monitoring/dashboards.ts';
import { declaredLabels } from '../src/monitoring/quiet-series.ts';
import { alerts, recordings } from '../src/monitoring/rules.ts';
import { questionsIn, runbookPage, runbooksOf } from '../src/monitoring/runbooks.ts';
import { type Families, familiesIn, lackOf } from '../src/monitoring/scraped.ts';
import { seriesIn } from '../src/monitoring/series-in.ts';
import { withFleet } from '../src/test-fleet.ts';

const scrape = async (urls: readonly string[]): Promise<Families> => {
  const pages = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  return familiesIn(pages.join('\n'));
};

/** Puts the page's questions to a fleet as somebody would type them; the answer is what failed. */
async function typed(urls: Record<string, string>, token: string, names: Record<string, string>): Promise<string[]> {
  const [, preparation = ''] = /^(ask\(\) .*)$/m.exec(runbookPage()) ?? [];
  const questions = questionsIn(
    runbooksOf(runbookPage())
      .map(({ shell }) => shell)
      .join('\n'),
  );
  expect(questions.length).toBeGreaterThan(50);
  const doors = { MANAGER: 'agent-manager', ORCHESTRATOR: 'orchestrator-service', REASONING: 'reasoning-service' };
  const env: Record<string, string> = { ACCESS: token };
  for (const [door, service] of Object.entries(doors)) env[door] = urls[service] ?? '';
  const failed: string[] = [];
  for (const question of questions) {
    const filled = Object.entries(names).reduce((text, [name, value]) => text.replaceAll(name, value), question);
    // There is no such thing on a fleet that is well, as a dead letter.
    if (/\/[A-Z]+_ID/.test(filled)) continue;
    const script = `set -eo pipefail\n${preparation.replace('curl -sS', 'curl -fsS')}\n${filled}`;
    await runCommand('bash', ['-c', script], { env }).catch((error: unknown) => failed.push(`${filled}: ${error}`));
  }
  return failed;
}

const post = async (token: string, url: string, body: object) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([url, answer.status]).toEqual([url, 201]);
};

const withModel = (url: string) => ({ LLM_PROVIDER: 'openai', LLM_MODEL: 'fake', LLM_BASE_URL: `${url}/v1` });

/** What has no sample until somebody does it: a token that runs out, a verdict on an answer. */
async function asPeopleDo({ api, urls }: Fleet): Promise<void> {
  const token = await api.token();
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  const wanted = { name: 'watcher', roles: ['viewer'], expires_at };
  await post(token, `${urls['agent-manager']}/api/v1/access/tokens`, wanted);
  const judged = (await api.incidents()).find(({ state }) => ['resolved', 'escalated'].includes(state));
  const verdict = { incident_id: judged?.id, outcome: 'confirmed', category: judged?.diagnosis?.category };
  await post(token, `${urls['reasoning-service']}/api/v1/feedback`, verdict);
}

it('serves every series that a rule, a dashboard or a runbook names', async () => {
  // Prometheus itself says of each target whether it answered.
  const made = new Set(['up', ...recordings().map(({ record }) => record)]);
  const queries = runbooksOf(runbookPage()).flatMap((runbook) => runbook.queries.split('\n'));
  const expressions = [...alerts(), ...recordings()].map(({ expr }) => expr);
  expressions.push(...dashboards.flatMap(expressionsOf), ...queries);
  const uses = expressions.flatMap(seriesIn).filter(({ series }) => !made.has(series));
  expect(uses.length).toBeGreaterThan(100);
  const model = await fakeModel('openai');
  // Thrown away, so that the answer goes out without words.
  const order = { statement: 'Delete the namespace at once.', evidence: ['E1'] };
  model.will({ says: JSON.stringify({ claims: [order], ranking: [] }) });
  await withFleet(async ({ fleet, cluster }) => {
    await fleet.attach({ id: 'watched-1', name: 'Watched', env: { KUBE_SERVER: cluster.url, LEADER: 'lease' } });
    cluster.faults.find(({ name }) => name === 'crash_loop_app_error')?.inject();
    const ended = async () =>
      (await fleet.api.incidents()).filter(({ state }) => ['resolved', 'escalated'].includes(state)).length;
    await eventually(async () => expect(await ended()).toBeGreaterThan(0), { within: 150_000 });
    await asPeopleDo(fleet);
    const quiet = await declaredLabels();
    // Agents tell of themselves every 15 s.
    await eventually(
      async () => {
        const families = await scrape(Object.values(fleet.urls));
        const lacks = uses.map((use) => lackOf(use, families, quiet)).filter((lack) => lack !== undefined);
        expect([...new Set(lacks)]).toEqual([]);
      },
      { within: 60_000 },
    );
    if (!(await succeeds('jq', ['--version']))) return;
    const token = await fleet.api.token();
    const answer = await fetch(`${fleet.urls['orchestrator-service']}/api/v1/executions?limit=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items } = (await answer.json()) as { items: { id: string; workflow: string; incident_id: string }[] };
    const { id: RUN_ID = '', workflow: WORKFLOW = '', incident_id: INCIDENT_ID = '' } = items[0] ?? {};
    const names = { INCIDENT_ID, RUN_ID, WORKFLOW, CLUSTER_ID: 'watched-1' };
    expect(await typed(fleet.urls, token, names)).toEqual([]);
  }, withModel(model.url)).finally(model.stop);
}, 300_000);
