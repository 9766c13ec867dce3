import { describe, expect, it } from '@jest/globals';
import { exposeFigures } from './figures.ts';
import { Registry } from './index.ts';

const names = { depth: ['depth', 'How many'], age: ['age_seconds', 'How old'] } as const;

describe('exposeFigures', () => {
  it('reads once for a scrape and leaves out what is not known', async () => {
    const metrics = new Registry();
    let readings = 0;
    exposeFigures({
      metrics,
      names,
      read: async () => {
        readings += 1;
        return { depth: 3, age: null };
      },
    });
    const text = await metrics.metrics();
    expect(text).toContain('\ndepth 3\n');
    expect(text).not.toMatch(/^age_seconds/m);
    expect(readings).toBe(1);
  });

  it('lets the rest of a scrape through when it cannot be read, and forgets what it knew', async () => {
    const metrics = new Registry();
    let fails = false;
    const read = async () => (fails ? Promise.reject(new Error('away')) : { depth: 1, age: 2 });
    exposeFigures({ metrics, names, read });
    expect(await metrics.metrics()).toContain('\ndepth 1\n');
    fails = true;
    const text = await metrics.metrics();
    expect(text).toContain('# TYPE depth gauge');
    expect(text).not.toMatch(/^depth/m);
  });
});
