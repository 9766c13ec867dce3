import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './home.ts';
import { keptCertificates } from './kept-certificates.ts';
import { createNatsAuth } from './nats-auth.ts';
import { keptSecrets } from './secrets.ts';

const place = mkdtempSync(join(tmpdir(), 'aetherius-kept-'));
const before = process.env['AETHERIUS_HOME'];
const home = join(place, 'home');
beforeEach(() => {
  process.env['AETHERIUS_HOME'] = home;
});
afterEach(() => {
  if (before === undefined) delete process.env['AETHERIUS_HOME'];
  else process.env['AETHERIUS_HOME'] = before;
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const holding = (folder: string, name: string, text: string): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), text);
  return folder;
};
const keys = join(place, 'keys');
const backup = /bring the file back from your backup of this folder/;

describe('a file of kept secrets that cannot be used', () => {
  it.each(['{bad', '', 'null', '[]', '{"a":1}'])('is brought back from a backup, never made anew: %j', (text) => {
    const read = () => keptSecrets(holding(keys, 'bus', text), 'bus')('a', () => 'fresh');
    expect(read).toThrow(backup);
    expect(read).toThrow(join(keys, 'bus.json'));
    expect(read).not.toThrow(/reset/);
    expect(readFileSync(join(keys, 'bus.json'), 'utf8')).toBe(text);
  });

  it('is not taken for one that is not there yet', () => {
    mkdirSync(join(keys, 'folder.json'), { recursive: true });
    expect(() => keptSecrets(keys, 'folder')).toThrow(backup);
  });

  it('also where it is a key of the bus, or a certificate', async () => {
    const bus = holding(join(place, 'bus'), 'keys', '{"operator":"SUnone"}');
    chmodSync(bus, 0o700);
    await expect(createNatsAuth(bus)).rejects.toThrow(backup);
    await expect(createNatsAuth(bus)).rejects.toThrow(join(bus, 'keys.json'));
    const certified = () => keptCertificates(holding(join(place, 'tls'), 'ca', '{bad'), new Date());
    expect(certified).toThrow(backup);
    expect(certified).not.toThrow(/reset/);
  });

  it('is not taken for one that is not there yet where others follow from it', async () => {
    const bus = holding(join(place, 'lost-bus'), 'issuer', '{}');
    chmodSync(bus, 0o700);
    await expect(createNatsAuth(bus)).rejects.toThrow(`${join(bus, 'keys.json')} is not there`);
    const tls = holding(join(place, 'lost-tls'), 'nats', '{}');
    expect(() => keptCertificates(tls, new Date())).toThrow(`${join(tls, 'ca.json')} is not there`);
  });

  it('is made anew where it is of npm start', () => {
    const read = () => keptSecrets(holding(join(home, 'data', 'secrets'), 'postgres', '{bad'), 'postgres');
    expect(read).toThrow(/npm run reset makes everything anew/);
  });
});

it('a folder that cannot be made is refused at once', () => {
  // Where the system knows no such folder, Node's own way of making all of a path never ends.
  expect(() => makeFolder('/proc/nope/deeper', 0o700)).toThrow(/ENOENT|EACCES|EROFS/);
  expect(() => makeFolder(join(holding(keys, 'file', '{}'), 'file.json'), 0o700)).toThrow(/EEXIST/);
  expect(makeFolder(join(place, 'a', 'b', 'c'), 0o700)).toBe(join(place, 'a', 'b', 'c'));
  expect(makeFolder(join(place, 'a', 'b', 'c'), 0o700)).toBe(join(place, 'a', 'b', 'c'));
});
