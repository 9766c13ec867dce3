import { describe, expect, it } from '@jest/globals';
import { splitFlags } from './diagnose-flags.ts';

describe('the flags of npm run diagnose', () => {
  it.each([
    [['--bundle', 'x', '--json'], { answer: ['--bundle', 'x', '--json'], cluster: undefined }],
    [['--bundle', 'x', '--bundle', 'y'], { answer: ['--bundle', 'x', '--bundle', 'y'], cluster: undefined }],
    [['--bundle', '-', '--language', 'zh'], { answer: ['--bundle', '-', '--language', 'zh'], cluster: undefined }],
    [['--bundle', '-'], { answer: ['--bundle', '-'], cluster: undefined }],
    [['--help', '--namespace', 'shop'], { answer: ['--help'], cluster: undefined }],
    [['--namespace', 'shop', '--json'], { answer: ['--json'], cluster: ['--namespace', 'shop'] }],
    [['--all-namespaces', '--context', 'prod'], { answer: [], cluster: ['--context', 'prod', '--all-namespaces'] }],
  ])('%j', (args, expected) => {
    expect(splitFlags(args)).toEqual(expected);
  });

  it.each([
    [['--bundle', 'x', '--context', 'prod'], 'leave out --context'],
    [['--kubeconfig', 'k'], '--kubeconfig needs --namespace NAME or --all-namespaces beside it'],
    [['--namespace', 'shop', '--all-namespaces'], 'exclude each other'],
    [['--watch'], "Unknown option '--watch'"],
    [['pods.txt'], 'evidence is named with --bundle pods.txt'],
    [['--namespace'], 'argument missing'],
  ])('%j is refused', (args, words) => {
    expect(splitFlags(args)).toEqual({ problem: expect.stringContaining(words) });
  });
});
