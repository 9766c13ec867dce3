import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '../run.ts';
import { valuesIn } from './values-file.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const values = valuesIn(read('deployments/charts/aetherius/values.yaml'));
const tagOf = (name: string) =>
  String(values.find(({ path }) => path.join('.') === `${name}.bundled.image.tag`)?.value);
const versionOf = (image: string) => /^[\d.]+/.exec(image)?.[0];

it.each(['nats', 'postgres'])('the chart bundles the %s that Compose starts', (name) => {
  const [, composed = ''] = new RegExp(`:-${name}:([^}@]+)`).exec(read('deployments/compose/backing.yaml')) ?? [];
  expect(versionOf(tagOf(name))).toBeDefined();
  expect(versionOf(tagOf(name))).toBe(versionOf(composed));
});
