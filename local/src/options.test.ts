import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('reads what a person types', () => {
    expect(readOptions(['--once', '--json'])).toMatchObject({
      options: { once: true, json: true, allowChanges: false },
    });
    expect(readOptions(['--context', 'prod', '--allow-changes'])).toMatchObject({
      options: { context: 'prod', allowChanges: true },
    });
  });

  it.each([
    [['--onec'], '--onec'],
    [['--context'], '--context'],
    [['--once', '--context', 'prod'], 'breaks things on purpose'],
    [['--allow-changes'], '--context'],
    [['--kubeconfig='], '--kubeconfig needs a file'],
    [['--context', ' '], '--context needs a name'],
  ])('%j is refused with the reason', (args, part) => {
    expect(readOptions(args)).toEqual({ problem: expect.stringContaining(part) });
  });
});
