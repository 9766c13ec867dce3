import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import pureFiles from './pure-files.json' with { type: 'json' };
import { root } from './run.ts';

const workspaces = ['shared', 'collect-agent', 'agent-manager', 'orchestrator-service', 'reasoning-service'];
const sources = workspaces.flatMap((workspace) =>
  readdirSync(join(root, workspace, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${workspace}/src/${file}`),
);

/** `a/(b|c)\.ts` as one pattern per file, so that each name has to be right. */
function alternatives(pattern: string): string[] {
  const [, before, names, after] = /^(.*)\((?!\?)([^)]*)\)(.*)$/.exec(pattern) ?? [];
  return names === undefined ? [pattern] : names.split('|').map((name) => `${before}${name}${after}`);
}

describe('the list of pure files', () => {
  it.each(pureFiles.flatMap(alternatives))('%s names a file that is there', (pattern) => {
    expect(sources.filter((file) => new RegExp(`^${pattern}`).test(file))).not.toEqual([]);
  });
});
