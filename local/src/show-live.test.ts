import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { showLive } from './show-live.ts';

it('says before the incidents where to ask, and keeps the token out of what it prints', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-live-'));
  const tokenFile = join(folder, 'access-token');
  const tokens = ['first-token', 'second-token'];
  const seen: string[] = [];
  const ending = new AbortController();
  const api = {
    token: async () => tokens.shift() ?? 'second-token',
    incidents: async () => {
      seen.push(readFileSync(tokenFile, 'utf8').trim());
      if (seen.length === 1) expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
      if (seen.length === 2) ending.abort();
      return [];
    },
    clusters: async () => [],
    invite: async () => '',
  };
  const url = 'http://127.0.0.1:8080';
  const urls = { 'agent-manager': url, 'orchestrator-service': url, 'reasoning-service': url, 'collect-agent': url };
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const fleet = { api, urls, trouble: () => undefined };
  expect(await showLive({ fleet, signal: ending.signal, json: true, tokenFile })).toBe(0);
  const lines = print.mock.calls.map(([line]) => String(line));
  print.mockRestore();
  expect(JSON.parse(lines[0] ?? '')).toEqual({ urls, token_file: tokenFile });
  expect(seen).toEqual(['first-token', 'second-token']);
  expect(lines.join()).not.toMatch(/first-token|second-token/);
  expect(existsSync(tokenFile)).toBe(false);
  rmSync(folder, { recursive: true });
});
