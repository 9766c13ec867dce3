import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { silentLogger } from '../testing/index.ts';
import { credsFile } from './creds-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-creds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const open = (file: string) => () => credsFile(join(folder, file), silentLogger());

it('refuses a file that is no credentials before anything is dialled, and says what belongs there', () => {
  writeFileSync(join(folder, 'broken.creds'), 'not credentials\n');
  expect(open('broken.creds')).toThrow(/holds no NATS credentials.*way_out: set NATS_CREDS/);
  expect(open('absent.creds')).toThrow(/cannot be read.*way_out: set NATS_CREDS/);
});
