import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const NOW = '2026-02-22T01:00:00.000Z';
const entry = (second: number, said: object) => ({
  ...said,
  resource: { labels: { namespace_name: 'shop', pod_name: 'cart-0', container_name: 'cart' } },
  timestamp: `2026-02-22T00:20:0${second}Z`,
  severity: 'ERROR',
});

describe('a list of what a collector keeps of lines', () => {
  it('is one log, also with an entry among them that is none', () => {
    const entries = [entry(1, { textPayload: 'first' }), { resource: 'torn' }, entry(2, { textPayload: 'second' })];
    const { logs, unread } = recognise({ name: 'entries.json', text: JSON.stringify(entries) }, NOW);
    expect(logs.map(({ pod, lines }) => [pod, lines.length])).toEqual([['cart-0', 2]]);
    expect(unread.map(({ file }) => file)).toEqual(['entries.json[1]']);
  });

  it('is read beside objects of Kubernetes', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart-0', namespace: 'shop' } };
    const entries = [entry(1, { textPayload: 'first' }), pod, entry(2, { textPayload: 'second' })];
    const { logs, objects, unread } = recognise({ name: 'mixed.json', text: JSON.stringify(entries) }, NOW);
    expect(logs.map(({ lines }) => lines.length)).toEqual([2]);
    expect(objects.map(({ name }) => name)).toEqual(['cart-0']);
    expect(unread).toEqual([]);
  });
});
