import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadEnvFile } from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the .env file', () => {
  it('may be absent', () => {
    expect(loadEnvFile(join(folder, 'absent'))).toBeUndefined();
  });

  it('that cannot be read is named in one line', () => {
    const wrong = join(folder, 'a-folder');
    mkdirSync(wrong);
    const problem = loadEnvFile(wrong) ?? '';
    expect(problem).toContain(wrong);
    expect(problem).not.toContain('\n');
  });

  it('that is right is no problem', () => {
    const right = join(folder, 'right');
    writeFileSync(right, '# nothing but a comment\n');
    expect(loadEnvFile(right)).toBeUndefined();
  });
});
