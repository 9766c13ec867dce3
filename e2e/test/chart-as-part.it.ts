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

withHelm('a chart that has one of ours as a part', () => {
  it.each(charts)('may hand down global values of its own: %s', async (chart, values) => {
    const folder = join(place, chart);
    mkdirSync(join(folder, 'charts'), { recursive: true });
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: platform\nversion: 1.0.0\n');
    cpSync(join(root, 'deployments/charts', chart), join(folder, 'charts', chart), { recursive: true });
    const global = { storageClass: 'fast', imageRegistry: 'registry.local:5000' };
    const said = await render(builtHelm() ?? '', { chart, folder, values: { global, [chart]: values } });
    expect(said).toContain('image: registry.local:5000/aetherius/');
  });
});
