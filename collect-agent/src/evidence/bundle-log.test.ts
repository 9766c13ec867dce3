import { describe, expect, it } from '@jest/globals';
import { bundleLog } from './bundle-log.ts';

const source = { namespace: 'shop', pod: 'cart-1', container: 'cart', previous: true };
const linesOf = (text: string, most = 10) => bundleLog(source, text, most).lines;

describe('bundleLog', () => {
  it('keeps the last lines, none longer than a thousand characters', () => {
    expect(bundleLog(source, 'one\ntwo\nthree\n', 2)).toEqual({
      id: 'log:shop/cart-1/cart/previous',
      ...source,
      lines: ['two', 'three'],
    });
    expect(linesOf('x'.repeat(2_000)).map(({ length }) => length)).toEqual([1_000]);
  });

  it('keeps a log without a word as one that was read', () => {
    expect(linesOf('')).toEqual([]);
    expect(linesOf('\n \n')).toEqual([]);
  });
});
