import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { root } from '../src/run.ts';
import { withHelm } from './rendered-charts.ts';

const place = mkdtempSync(join(tmpdir(), 'aetherius-umbrella-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const charts: [Installation['chart'], object][] = [
  ['aetherius', { nats: { url: 'nats://b:4222' } }],
  ['aetherius-agent', { existingSecret: 's' }],
];

/** A chart in a folder of its own that has some of ours as parts. */
function umbrella(name: string, parts: readonly Installation['chart'][]): string {
  const folder = join(place, name);
  mkdirSync(join(folder, 'charts'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: platform\nversion: 1.0.0\n');
  for (const part of parts)
    cpSync(join(root, 'deployments/charts', part), join(folder, 'charts', part), { recursive: true });
  return folder;
}

/** The objects of a rendering in an order of their own, whatever Helm's order and comments. */
const documentsOf = (rendered: string): string[] =>
  rendered
    .split(/^---$/m)
    .map((document) => document.replace(/^# Source: .*$/m, '').trim())
    .filter((document) => document !== '')
    .sort();

withHelm('a chart that has one of ours as a part', () => {
  it.each(charts)('may hand down global values of its own: %s', async (chart, values) => {
    const folder = umbrella(chart, [chart]);
    const global = { storageClass: 'fast', imageRegistry: 'registry.local:5000' };
    const said = await render(builtHelm() ?? '', { chart, folder, values: { global, [chart]: values } });
    expect(said).toContain('image: registry.local:5000/aetherius/');
  });

  it('may have both, each of which is then what it is alone', async () => {
    const folder = umbrella('both', ['aetherius', 'aetherius-agent']);
    const together = await render(builtHelm() ?? '', {
      chart: 'aetherius',
      folder,
      values: Object.fromEntries(charts),
    });
    const both = documentsOf(together);
    const alone = charts.map(([chart, values]) =>
      render(builtHelm() ?? '', { chart, release: 'aetherius', namespace: 'aetherius', values }),
    );
    const expected = documentsOf((await Promise.all(alone)).join('\n---\n'));
    expect(both.filter((document) => document.includes('kind: Deployment'))).toHaveLength(4);
    expect(both).toEqual(expected);
  });
});
