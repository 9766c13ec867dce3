import { describe, expect, it } from '@jest/globals';
import { readFlags } from './flags.ts';

const good = ['--registry', 'ghcr.io/aetherius', '--version', '1.2.3'];

describe('flags of a release', () => {
  it('are read', () => {
    expect(readFlags([...good, '--key', 'cosign.key', '--dry-run'])).toEqual({
      registry: 'ghcr.io/aetherius',
      version: '1.2.3',
      key: 'cosign.key',
      plainHttp: false,
      dryRun: true,
    });
  });

  it.each(['localhost:5000/a', '127.0.0.1:5000/a/b', 'registry.example.com/team/aetherius', 'registry:5000/a'])(
    'take the place %s',
    (registry) => {
      expect(readFlags(['--registry', registry, '--version', '0.1.0-rc.1']).registry).toBe(registry);
    },
  );

  it.each([
    [[], '--registry'],
    [['--registry', 'ghcr.io', '--version', '1.2.3'], '--registry ghcr.io'],
    [['--registry', 'oci://ghcr.io/a', '--version', '1.2.3'], '--registry oci:'],
    [['--registry', 'ghcr.io/Team', '--version', '1.2.3'], '--registry'],
    [['--registry', 'ghcr.io/a b', '--version', '1.2.3'], '--registry'],
    [['--registry', 'ghcr.io/aetherius', '--version', 'v1.2.3'], '--version v1.2.3'],
    [['--registry', 'ghcr.io/aetherius', '--version', '1.2'], '--version 1.2'],
    [['--registry', 'ghcr.io/aetherius', '--version', '1.2.3+build'], '--version'],
    [['--registry', 'ghcr.io/aetherius'], '--version'],
    [[...good, '--key', ''], '--key'],
    [[...good, '--kye', 'x'], '--kye'],
    [[...good, 'more'], 'more'],
  ])('are refused by name: %j', (args, words) => {
    expect(() => readFlags(args)).toThrow(words);
  });
});
