import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { expressionsOf } from '../src/monitoring/dashboard.ts';
import { dashboards } from '../src/monitoring/dashboards.ts';
import { alerts, recordings } from '../src/monitoring/rules.ts';
import { type Families, familiesIn, lackOf } from '../src/monitoring/scraped.ts';
import { seriesIn } from '../src/monitoring/series-in.ts';
import { withFleet } from '../src/test-fleet.ts';

const scrape = async (urls: readonly string[]): Promise<Families> => {
  const pages = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  return familiesIn(pages.join('\n'));
};

it('serves every series that a rule or a dashboard names', async () => {
  // Prometheus itself says of each target whether it answered.
  const made = new Set(['up', ...recordings().map(({ record }) => record)]);
  const expressions = [...alerts(), ...recordings()].map(({ expr }) => expr).concat(dashboards.flatMap(expressionsOf));
  const uses = expressions.flatMap(seriesIn).filter(({ series }) => !made.has(series));
  expect(uses.length).toBeGreaterThan(100);
  await withFleet(async ({ fleet, cluster }) => {
    await fleet.attach({ id: 'watched-1', name: 'Watched', env: { KUBE_SERVER: cluster.url, LEADER: 'lease' } });
    cluster.faults.find(({ name }) => name === 'crash_loop_app_error')?.inject();
    const ended = async () =>
      (await fleet.api.incidents()).filter(({ state }) => ['resolved', 'escalated'].includes(state)).length;
    await eventually(async () => expect(await ended()).toBeGreaterThan(0), { within: 150_000 });
    const families = await scrape(Object.values(fleet.urls));
    const lacks = uses.map((use) => lackOf(use, families)).filter((lack) => lack !== undefined);
    expect([...new Set(lacks)]).toEqual([]);
  });
}, 300_000);
