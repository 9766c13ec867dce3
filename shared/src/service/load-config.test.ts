import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loadConfig } from './load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const secret = join(folder, 'url');
writeFileSync(secret, 'postgres://db/aetherius\n');
const empty = join(folder, 'empty');
writeFileSync(empty, ' \n');

const Config = z
  .object({
    COPIES: z.enum(['1', '3']).optional(),
    URL: z.string(),
    PORT: z.coerce.number().int().default(1),
    KEY_FILE: z.string().optional(),
  })
  .refine(() => true);
const load = (environment: Record<string, string>) => loadConfig(Config, environment);

describe('the configuration of a service', () => {
  it('takes a value from a file that is named in its place', () => {
    expect(load({ URL_FILE: secret })).toEqual({ URL: 'postgres://db/aetherius', PORT: 1 });
  });

  it('leaves a variable alone that is meant to be a path', () => {
    expect(load({ URL: 'a', KEY_FILE: '/nowhere', OTHER_FILE: '/nowhere' })).toMatchObject({ KEY_FILE: '/nowhere' });
  });

  it.each([
    ['nothing', {}, 'URL: is not set'],
    ['both', { URL: 'a', URL_FILE: secret }, 'only one of URL and URL_FILE may be set'],
    [
      'a file that is not there',
      { URL_FILE: '/nowhere' },
      'URL_FILE: /nowhere cannot be read, way_out: set URL_FILE to a file',
    ],
    ['an empty file', { URL_FILE: empty }, `URL_FILE: ${empty} is empty`],
    ['a name with a letter too few', { URL: 'a', KEY_FIL: '/k' }, 'KEY_FIL: is not read, KEY_FILE is'],
    ['what is no number', { URL: 'a', PORT: 'x' }, 'PORT: must be a number, '],
    ['a word that is none of the known', { URL: 'a', COPIES: '2' }, 'COPIES: must be one of 1, 3, '],
    ['what is half a number', { URL: 'a', PORT: '1.5' }, 'PORT: must be a whole number, '],
  ])('refuses %s in one line', (_what, environment, line) => {
    expect(() => load(environment)).toThrow(line);
  });
});
