import { expect, it } from '@jest/globals';
import { memoryLimit } from './create-metrics.ts';

const GIB = 2 ** 30;

it('knows the limit that a container has, and takes no other number for one', () => {
  expect(memoryLimit(GIB, 8 * GIB)).toBe(GIB);
  // No limit at all, and what older kernels say in its place.
  expect(memoryLimit(0, 8 * GIB)).toBeNull();
  expect(memoryLimit(2 ** 63, 8 * GIB)).toBeNull();
});
