import { describe, expect, it } from '@jest/globals';
import { formatQuantity, parseQuantity } from './quantity.ts';

describe('quantities', () => {
  it.each([
    ['500m', '500m'],
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['2000m', '2'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1000', '1k'],
    ['1e3', '1k'],
    ['12Ei', '12Ei'],
    ['0', '0'],
  ])('%s is written %s', (text, written) => {
    const quantity = parseQuantity(text);
    expect(quantity && formatQuantity(quantity)).toBe(written);
  });

  it.each(['', 'abc', '1 Gi', '1gb', '.', 'm'])('%p is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
