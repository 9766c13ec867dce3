import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireKeysOf } from './kept-data.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'aetherius-kept-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe('data that a server keeps', () => {
  const opened = () => requireKeysOf({ data, secrets: join(data, 'secrets') });
  const made = (...path: string[]) => mkdirSync(join(data, ...path), { recursive: true });

  it.each([
    ['postgres-18', 'secrets', 'postgres.json'],
    ['nats', 'secrets', 'nats/keys.json'],
  ])('%s is not begun anew beside it where its key is gone', (server, secrets, key) => {
    expect(opened).not.toThrow();
    made(server);
    expect(opened).toThrow(`${join(data, secrets, key)} is not there`);
    made(secrets, 'nats');
    writeFileSync(join(data, secrets, key), '{}');
    expect(opened).not.toThrow();
  });
});
