import { expect, it } from '@jest/globals';
import { oversized } from './size-limits.ts';

const body = (lines: number) => Array.from({ length: lines }, () => '  work();').join('\n');

it('finds a function that is too long and leaves a long switch inside a short file alone', () => {
  expect(oversized('a.ts', `export function f() {\n${body(59)}\n}\n`)).toEqual([
    { file: 'a.ts', line: 1, what: 'a function of 61 lines, at most 60' },
  ]);
  expect(oversized('a.ts', `export const f = () => {\n${body(58)}\n};\n`)).toEqual([]);
  expect(oversized('a.ts', `if (x) {\n${body(80)}\n}\n`)).toEqual([]);
});

it('finds a file that is too long', () => {
  expect(oversized('a.ts', `${body(351)}\n`)).toEqual([{ file: 'a.ts', line: 1, what: '351 lines, at most 350' }]);
});
