import { describe, expect, it } from '@jest/globals';
import { readOptions } from './record-options.ts';

const file = ['--bundle', 'b.json', '--out', 'somewhere/a-fault.json'];

describe('the flags of a record', () => {
  it('takes the name from the file and the subject apart', () => {
    expect(readOptions([...file, '--category', 'oom_killed', '--subject', 'Deployment/shop/cart'])).toEqual({
      options: {
        bundle: 'b.json',
        out: 'somewhere/a-fault.json',
        name: 'a-fault',
        source: undefined,
        known: { category: 'oom_killed', subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' } },
        looksLike: null,
        help: false,
      },
    });
    expect(readOptions([...file, '--category', 'node_not_ready', '--subject', 'Node/n-1'])).toMatchObject({
      options: { known: { subject: { kind: 'Node', namespace: null, name: 'n-1' } } },
    });
  });

  it.each([
    [['--bundle', 'b'], '--out FILE is missing'],
    [['--out', 'a.json'], '--bundle FILE is missing'],
    [['--bundle', 'b', '--out', 'A fault.json'], '--out A fault.json'],
    [['--bundle', 'b', '--out', 'a.yaml'], '--out a.yaml'],
    [[...file, '--category', 'oom_killed'], '--category without --subject'],
    [[...file, '--looks-like', 'oom'], '--looks-like oom: is no category'],
    [[...file, '--subject', 'Node/n'], '--subject without --category'],
    [[...file, '--category', 'oom', '--subject', 'Node/n'], '--category oom: is no category; admission_'],
    [[...file, '--category', 'oom_killed', '--subject', 'cart'], '--subject cart'],
    [[...file, '--category', 'oom_killed', '--subject', 'Pod/shop/../x'], '--subject Pod/shop/../x'],
    [[...file, '--source', '  '], '--source says nothing'],
    [[...file, '--wat'], "Unknown option '--wat'"],
  ])('%j is refused', (args, words) => {
    expect(readOptions(args)).toEqual({ problem: expect.stringContaining(words) });
  });
});
