import { describe, expect, it } from '@jest/globals';
import { readTraceparent, writeTraceparent } from './traceparent.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('is read and written back', () => {
    const text = `00-${trace}-${span}-01`;
    const place = readTraceparent(text);
    expect(place).toMatchObject({ traceId: trace, spanId: span, traceFlags: 1, isRemote: true });
    expect(place && writeTraceparent(place)).toBe(text);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['words', 'somewhere'],
    ['an empty trace', `00-${'0'.repeat(32)}-${span}-01`],
    ['an empty span', `00-${trace}-${'0'.repeat(16)}-01`],
    ['a version that is forbidden', `ff-${trace}-${span}-01`],
    ['capital letters', `00-${trace.toUpperCase()}-${span}-01`],
  ])('is no place for %s', (_what, text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});
