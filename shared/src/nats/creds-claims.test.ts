import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { credsTerm, credsUser } from './creds-claims.ts';

const credsWith = (payload: string): string =>
  `-----BEGIN NATS USER JWT-----\nhead.${Buffer.from(payload).toString('base64url')}.signature\n------END NATS USER JWT------\n`;

const folder = mkdtempSync(join(tmpdir(), 'aetherius-creds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileWith = (text: string): string => {
  const file = join(folder, 'user.creds');
  writeFileSync(file, text);
  return file;
};

describe('the claims of credentials', () => {
  it('reads the term of a user JWT', () => {
    const term = { iat: 1_789_990_000, exp: 1_790_000_000 };
    expect(credsTerm(fileWith(credsWith(JSON.stringify({ ...term, sub: 'U' }))))).toMatchObject(term);
  });
  it('reads whom it lets in', () => {
    expect(credsUser(fileWith(credsWith('{"sub":"UABC"}')))).toBe('UABC');
  });
  it('knows none of a file that is not there', () => expect(credsTerm(join(folder, 'none'))).toEqual({}));
  it.each([
    ['without an end', credsWith('{"sub":"U"}')],
    ['with an end that is no time', credsWith('{"exp":"soon"}')],
    ['with a payload that is not JSON', credsWith('not json')],
    ['that is something else', 'SUAB…'],
  ])('knows no end of a file %s', (_what, text) => {
    expect(credsTerm(fileWith(text)).exp).toBeUndefined();
  });
});
