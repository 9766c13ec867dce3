import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadEnvFile, unreadVariables } from './env-file.ts';

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

it('variables that are called nearly as one of ours are told', () => {
  const env = { NATS_ULR: 'x', AGENT_MANAGR_PORT: '1', AETHERIUS_NATS_URL: 'nats://b', LANG: 'C', TEMPDIR: '/tmp' };
  expect(unreadVariables(env)).toEqual([
    'NATS_ULR is not read; NATS_URL is',
    'AGENT_MANAGR_PORT is not read; AGENT_MANAGER_PORT is',
  ]);
  expect(unreadVariables({ ...env, NATS_URL: 'nats://a', AGENT_MANAGER_PORT: '2' })).toEqual([]);
});
