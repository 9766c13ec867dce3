import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readAuthority } from './bus-authority.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-authority-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'ca.crt');
const [one = '', other = ''] = rootCertificates;
const reading = (text: string) => {
  writeFileSync(file, text);
  return readAuthority(file);
};

describe('the authority that agents are told', () => {
  it.each([`${one}\n`, `# ours\n${one}\n# theirs\n${other}`])('is what the file holds', async (text) => {
    expect(await reading(text)).toBe(text);
  });

  it.each([
    ['none', 'holds no certificate in PEM'],
    [one.replace(/\n(.{20})/, '\n!!!!'), 'certificate 1 in it cannot be read'],
    [one.slice(0, one.indexOf('-----END')), 'certificate 1 in it cannot be read'],
    [`${one}\n${other.slice(0, 200)}`, 'certificate 2 in it cannot be read'],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'certificate 1 in it cannot be read'],
  ])('is refused where it is damaged', async (text, words) => {
    await expect(reading(text)).rejects.toThrow(new RegExp(`NATS_CA_FILE: .*${words}.*way_out: `));
  });
});
