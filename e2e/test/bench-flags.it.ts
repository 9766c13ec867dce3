import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
const measuring = Object.entries(scripts).filter(([name]) => /^(?:bench|fuzz)(?::|$)/.test(name));

/** Runs what an npm script runs, without its preparations. */
function ran(script: string, flag: string) {
  const file = script.split(' ').at(-1) ?? '';
  return spawnSync(process.execPath, ['--conditions=source', file, flag], { cwd: root, encoding: 'utf8' });
}

describe('whatever measures', () => {
  it('is found', () => expect(measuring.length).toBeGreaterThan(10));

  it.each(measuring)('%s refuses a flag that it does not know by its name, and says which there are', (_, script) => {
    const { status, stderr } = ran(script, '--bogus');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^Unknown option '--bogus'[^\n]*\n\nusage: npm run /)]);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it.each(measuring)('%s says what it does when asked', (_, script) => {
    expect(ran(script, '--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^usage: npm run /) });
  });
});
