import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.ts';
import { chartFolder, charts } from './plan.ts';

/** Copies of the charts whose images are those of this release: whoever installs one needs no value for that. */
export function prepareCharts(folder: string, registry: string): void {
  const [host = '', ...path] = registry.split('/');
  for (const chart of charts) {
    const copy = chartFolder(folder, chart);
    cpSync(join(root, 'deployments/charts', chart), copy, { recursive: true });
    for (const name of ['values.yaml', 'README.md']) {
      const text = readFileSync(join(copy, name), 'utf8');
      writeFileSync(join(copy, name), withImagesOf(text, { host, path: path.join('/') }));
    }
  }
}

/** The text with our own images at another place; those of others stay where they are. */
export const withImagesOf = (text: string, { host, path }: { host: string; path: string }): string =>
  text
    .replace(/^( *registry: )ghcr\.io$/gm, `$1${host}`)
    .replace(/^( *repository: )aetherius\//gm, `$1${path}/`)
    .replaceAll('`"ghcr.io"`', `\`"${host}"\``)
    .replaceAll('`"aetherius/', `\`"${path}/`);
