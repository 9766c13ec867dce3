import { expect, it } from '@jest/globals';
import { parseQuantity } from './quantity.ts';

it.each([
  ['64Mi', 64 * 1024 ** 2],
  ['1.5Ti', 1.5 * 1024 ** 4],
  ['250m', 0.25],
  ['12345n', 1.2345e-5],
  ['3k', 3000],
  ['2E', 2e18],
  ['1e3', 1000],
  [7, 7],
  ['10 apples', undefined],
  ['', undefined],
  [null, undefined],
])('reads %p as %p', (written, amount) => {
  const found = parseQuantity(written);
  if (amount === undefined) expect(found).toBeUndefined();
  else expect((found ?? 0) / amount).toBeCloseTo(1, 9);
});
