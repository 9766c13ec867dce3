import { describe, expect, it } from '@jest/globals';
import { benchmarkPage, figuresOf, type Recorded } from './benchmark-report.ts';

const recorded = (figures: Recorded['figures']): Recorded => ({
  commit: 'abc1234',
  at: '2026-01-02T03:04:05.000Z',
  machine: '2 cores (some processor), 8 GiB',
  versions: 'aetherius 0.1.0, node v24.0.0',
  figures,
});

describe('benchmark report', () => {
  it('takes the figures from the last line of the output', () => {
    expect(figuresOf('a table\n{"early":1}\nmore\n{"score":69.4,"control":[1,2]}\n')).toEqual({
      score: 69.4,
      control: [1, 2],
    });
  });

  it.each(['', 'a table', '{"score":', '[1]', '{"score":1}\nAll done.'])('finds no figures in %j', (output) => {
    expect(figuresOf(output)).toBeUndefined();
  });

  it('shows every figure of every bench, with the commit, the versions and the machine', () => {
    const page = benchmarkPage({
      'bench:two': recorded({ note: 'a | b', control: [1, 2] }),
      'bench:one': recorded({ score: 69.4 }),
    });
    expect(page.indexOf('bench:one')).toBeLessThan(page.indexOf('bench:two'));
    expect(page).toContain(
      'Commit abc1234, 2026-01-02, aetherius 0.1.0, node v24.0.0, 2 cores (some processor), 8 GiB.',
    );
    expect(page).toContain('| score | 69.4 |');
    expect(page).toContain('| note | a \\| b |\n| control | [1, 2] |');
  });
});
