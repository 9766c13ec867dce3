import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from './api-client.ts';
import type { Home } from './home.ts';

export type TokenFile = { path: string; renew(): Promise<void>; remove(): void };

/** Where what runs in this home keeps its token. */
export const tokenFileIn = ({ run }: Pick<Home, 'run'>): string => join(run, 'access-token');

/**
 * Keeps a token that is valid where only its owner can read it. What a program prints ends up in logs that others read, and an
 * access token has run out before a script that has read it once ends.
 */
export function createTokenFile(path: string, api: Pick<ApiClient, 'token'>): TokenFile {
  let written = '';
  return {
    path,
    renew: async () => {
      // Over a gap, in which nobody would give another, the old one stays.
      const token = await api.token().catch(() => written);
      if (token === written) return;
      // Never half a token for whoever reads meanwhile.
      writeFileSync(`${path}.new`, `${token}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      written = token;
    },
    remove: () => rmSync(path, { force: true }),
  };
}
