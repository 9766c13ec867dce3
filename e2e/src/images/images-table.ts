import type { ListedImage } from './listed-images.ts';

const row = ({ name, named, needs }: ListedImage): string =>
  `| \`${name}\` | \`${named}\` | ${needs === undefined ? '' : `\`${needs}\``} |`;

/** What each way of installing runs, as a section of a page. */
export const imagesTable = (of: Record<'charts' | 'compose', readonly ListedImage[]>): string =>
  [
    'With the charts and the plain manifests:',
    '',
    '| image | value | with |',
    '|---|---|---|',
    ...of.charts.map(row),
    '',
    'With compose:',
    '',
    '| image | variable | with |',
    '|---|---|---|',
    ...of.compose.map(row),
    '',
  ].join('\n');

const place = /(<!-- images -->\n)[\s\S]*?(<!-- \/images -->)/;

/** The page with the section in its place. */
export function withImages(page: string, table: string): string {
  if (!place.test(page)) throw new Error('the page has no place for the images');
  return page.replace(place, (_, begin: string, end: string) => `${begin}${table}${end}`);
}
