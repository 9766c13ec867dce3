import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Installation } from '../src/charts/helm.ts';
import { builtHelm, render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import { type ChartValue, valuesIn } from '../src/charts/values-file.ts';
import { root } from '../src/run.ts';
import { ofKind, withHelm } from './rendered-charts.ts';

const on = { enabled: true };
/** As much of each chart as a value may take part in. */
const installed: Record<Installation['chart'], object> = {
  aetherius: {
    nats: { url: 'nats://b:4222' },
    redis: { existingSecret: 'r' },
    backup: { schedule: '15 2 * * *', existingClaim: 'c' },
    manager: { replicaCount: 2, podDisruptionBudget: on },
    orchestrator: { autoscaling: on },
    networkPolicy: on,
    serviceMonitor: on,
    prometheusRule: on,
    grafanaDashboards: on,
  },
  'aetherius-agent': {
    existingSecret: 's',
    replicaCount: 2,
    allowChanges: true,
    podDisruptionBudget: on,
    networkPolicy: on,
    podMonitor: on,
    prometheusRule: on,
  },
};
const charts = Object.keys(installed) as Installation['chart'][];
const valuesOf = (chart: Installation['chart']) =>
  valuesIn(readFileSync(join(root, 'deployments/charts', chart, 'values.yaml'), 'utf8'));

type Map = { [key: string]: unknown };
const at = (values: unknown, path: readonly string[]) =>
  path.reduce<unknown>((inner, key) => (inner as Map | undefined)?.[key], values);

/** The values with null in these places, unless something was said there. */
function without(values: object, paths: readonly (readonly string[])[]): object {
  const all = JSON.parse(JSON.stringify(values)) as Map;
  for (const path of paths.filter((path) => at(values, path) === undefined)) {
    let place = all;
    for (const key of path.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Map;
    }
    place[path.at(-1) ?? ''] = null;
  }
  return all;
}

const isEmpty = ({ value }: ChartValue) =>
  value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
const rendering = (chart: Installation['chart'], values: object) => render(builtHelm() ?? '', { chart, values });

/** What Helm names as missing, each as its whole path; what we say of its refusal is the end of that alone. */
async function missing(chart: Installation['chart'], values: object): Promise<string[]> {
  const said = await rendering(chart, values).catch((refusal: Error) => String(refusal.cause));
  const lines = [...said.matchAll(/at '([^']*)': missing propert(?:y|ies) ((?:'[^']*'[, ]*)+)/g)];
  return lines.flatMap(([, place = '', words = '']) =>
    [...words.matchAll(/'([^']*)'/g)].map(([, word]) => `${place}/${word}`.slice(1).replaceAll('/', '.')),
  );
}

withHelm('a value that is null', () => {
  it.each(charts)('is as good as empty where it is empty by itself: %s', async (chart) => {
    const values = installed[chart];
    const empty = valuesOf(chart)
      .filter(isEmpty)
      .map(({ path }) => path);
    expect(empty.length).toBeGreaterThan(40);
    expect(await rendering(chart, without(values, empty))).toBe(await rendering(chart, values));
  });

  it.each(charts)('is refused by name where it is not: %s', async (chart) => {
    const full = valuesOf(chart)
      .filter((value) => !isEmpty(value))
      .map(({ path }) => path);
    expect((await missing(chart, without({}, full))).sort()).toEqual(full.map((path) => path.join('.')).sort());
  });

  it.each(charts)('is refused by name where it is a section: %s', async (chart) => {
    const sections = new Set(
      valuesOf(chart)
        .filter(({ path }) => path.length > 1)
        .map(({ path: [first = ''] }) => first),
    );
    const values = Object.fromEntries([...sections].map((name) => [name, null]));
    expect((await missing(chart, values)).sort()).toEqual([...sections].sort());
  });

  it('may take out what is within a value', async () => {
    const values = { nats: { url: 'nats://b:4222' }, manager: { resources: { limits: null } } };
    const [manager] = ofKind(objectsIn(await rendering('aetherius', values)), 'Deployment');
    expect(manager?.spec?.template?.spec.containers[0]).toMatchObject({
      resources: { requests: { cpu: '100m', memory: '192Mi' } },
    });
  });
});
