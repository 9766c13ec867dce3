import { describe, expect, it } from '@jest/globals';
import { parentsFirst } from './recorded-rows.ts';

const link = (from: string, to: string) => ({ from, to, columns: ['x'], keys: ['id'] });

describe('parentsFirst', () => {
  it('puts each table behind those that it refers to', () => {
    const links = [link('step', 'run'), link('run', 'definition'), link('run', 'blob'), link('step', 'blob')];
    const order = parentsFirst(['step', 'run', 'definition', 'blob', 'alone'], links);
    expect(order).toEqual(['definition', 'blob', 'run', 'step', 'alone']);
  });

  it('comes to an end where tables refer to each other or to themselves', () => {
    expect(parentsFirst(['a', 'b'], [link('a', 'b'), link('b', 'a'), link('a', 'a')])).toEqual(['b', 'a']);
  });
});
