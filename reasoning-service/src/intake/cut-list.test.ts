import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { isCutYaml, itemsOfCutJson, itemsOfCutYaml } from './cut-list.ts';

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations: { said: 'a } and a ] in "quotes"' } },
});
const items = ['cart-1', 'cart-2', 'cart-3'].map(pod);

describe('a listing without its end', () => {
  const json = JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, null, 4);
  const yaml = stringify({ apiVersion: 'v1', items, kind: 'List' });

  it('gives the items of JSON that stand before the cut, wherever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: json.lastIndexOf(']') }), (cut) => {
        const found = itemsOfCutJson(json.slice(0, cut));
        expect(found ?? []).toEqual(items.slice(0, found?.length ?? 0));
      }),
    );
    expect(itemsOfCutJson(json.slice(0, json.indexOf('cart-3')))).toEqual(items.slice(0, 2));
  });

  it('gives those of YAML without the last, which may go on after the cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: yaml.indexOf('\nkind: List') }), (cut) => {
        const found = itemsOfCutYaml(yaml.slice(0, cut));
        expect(found ?? []).toEqual(items.slice(0, found?.length ?? 0));
      }),
    );
    expect(itemsOfCutYaml(yaml.slice(0, yaml.indexOf('cart-3') + 3))).toEqual(items.slice(0, 2));
  });

  it.each([json, yaml, '{"a": [1, 2', 'items: nothing', '{"items": [{"no": "object"}, {'])('is not %j', (text) => {
    expect(itemsOfCutJson(text)).toBeUndefined();
    expect(isCutYaml(text)).toBe(false);
  });
});
