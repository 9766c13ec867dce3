import { describe, expect, it } from '@jest/globals';
import { familiesIn, lackOf } from './scraped.ts';

const page = `# HELP a_total Things
# TYPE a_total counter
a_total{service="x",kind="y"} 1
# TYPE b_seconds histogram
b_seconds_bucket{le="1",service="x"} 0
b_seconds_count{service="x"} 0
# TYPE c gauge
# TYPE quiet gauge
# TYPE d_count gauge
d_count 4
# TYPE a_total counter
`;
const quiet = new Map([['quiet', new Set(['kind'])]]);

describe('a scraped page', () => {
  it.each([
    [{ series: 'a_total', labels: ['kind'] }, undefined],
    [{ series: 'a_total', labels: ['kind', 'colour'] }, 'a_total{colour}'],
    [{ series: 'b_seconds_bucket', labels: ['le'] }, undefined],
    [{ series: 'b_seconds_sum', labels: ['service'] }, undefined],
    [{ series: 'c', labels: ['anything'] }, 'c without a sample'],
    [{ series: 'c', labels: [] }, 'c without a sample'],
    [{ series: 'quiet', labels: ['kind'] }, undefined],
    [{ series: 'quiet', labels: ['colour'] }, 'quiet{colour}'],
    [{ series: 'd_count', labels: [] }, undefined],
    [{ series: 'd_count', labels: ['kind'] }, 'd_count{kind}'],
    [{ series: 'gone', labels: [] }, 'gone'],
  ])('has or lacks %j', (use, lack) => {
    expect(lackOf(use, familiesIn(page), quiet)).toBe(lack);
  });
});
