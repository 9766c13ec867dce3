import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../run.ts';
import { chartImages, composeImages, firstOfEach, type ListedImage } from './listed-images.ts';

/** How an installation is put up. */
export const ways = ['charts', 'compose'] as const;
export type Way = (typeof ways)[number];

const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

/** Every image that a way of installing can ask for, as the charts and the compose files say it now. */
export function imagesOf(way: Way): ListedImage[] {
  if (way === 'compose') {
    const { include } = parse(read('docker-compose.yml')) as { include: string[] };
    return firstOfEach(include.flatMap((file) => composeImages(read(file))));
  }
  return ['aetherius', 'aetherius-agent'].flatMap((chart) => {
    const folder = `deployments/charts/${chart}`;
    const { appVersion } = parse(read(folder, 'Chart.yaml')) as { appVersion: string };
    return chartImages(read(folder, 'values.yaml'), appVersion);
  });
}
