import { describe, expect, it } from '@jest/globals';
import { readImageFlags } from './image-flags.ts';

describe('flags of the images', () => {
  it('are read', () => {
    expect(readImageFlags([])).toEqual({ way: 'charts', own: false, list: false, save: undefined, push: undefined });
    expect(readImageFlags(['--for', 'compose', '--save', 'a.tar', '--own'])).toMatchObject({
      way: 'compose',
      own: true,
      save: 'a.tar',
    });
    expect(readImageFlags(['--push', 'x', '--help'])).toBe('help');
  });

  it.each(['registry.example.com', 'localhost:5000', '127.0.0.1:5000/team', 'registry:5000', 'docker.io'])(
    'take the place %s',
    (push) => expect(readImageFlags(['--push', push])).toMatchObject({ push }),
  );

  it.each([
    [['--push', 'https://registry'], '--push https:'],
    [['--push', 'registry'], '--push registry'],
    [['--push', 'registry.example.com/a b'], '--push'],
    [['--push', 'docker.io', '--for', 'compose'], 'docker load'],
    [['--for', 'helm'], '--for helm: it is charts or compose'],
    [['--save', ''], '--save'],
    [['--pusch', 'x'], '--pusch'],
    [['all'], 'all'],
  ])('are refused by name: %j', (args, words) => {
    expect(() => readImageFlags(args)).toThrow(words);
  });
});
