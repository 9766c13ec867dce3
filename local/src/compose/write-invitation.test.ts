import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeInvitation } from './write-invitation.ts';

type Known = { id: string; last_seen_at: string | null; revoked_at: string | null };

describe('the invitation of the simulated cluster', () => {
  let folder: string;
  let url: string;
  let clusters: Known[];
  let secrets: string[];
  const manager = createServer((request, response) => {
    if (request.url?.endsWith('/access/token')) secrets.push(request.headers.authorization ?? '');
    const invites = request.method === 'POST' && request.url === '/api/v1/clusters';
    const answer = { access_token: 'short', token: 'aetherius_enrol_once', items: clusters };
    response.writeHead(invites ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const token = () => join(folder, 'collect-agent', 'enrol-token');
  const invite = () => writeInvitation({ folderOf: (owner) => join(folder, owner), url, cluster: 'demo' });

  beforeAll(async () => {
    await new Promise<void>((resolve) => manager.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(manager.address() as AddressInfo).port}`;
  });
  afterAll(() => void manager.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aetherius-invitation-'));
    for (const owner of ['agent-manager', 'collect-agent']) mkdirSync(join(folder, owner));
    writeFileSync(join(folder, 'agent-manager', 'bootstrap-token'), 'first\n');
    [clusters, secrets] = [[], []];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives the agent a token that nobody else can read', async () => {
    await invite();
    expect(secrets).toEqual(['Bearer first']);
    expect(readFileSync(token(), 'utf8')).toBe('aetherius_enrol_once');
    expect(statSync(token()).mode & 0o777).toBe(0o600);
  });

  it('comes again for an agent that was never seen, because its token may be over', async () => {
    clusters = [{ id: 'demo', last_seen_at: null, revoked_at: null }];
    await invite();
    expect(existsSync(token())).toBe(true);
  });

  it.each([
    ['was in before', { id: 'demo', last_seen_at: '2026-03-01T00:00:00Z', revoked_at: null }],
    ['was shut out', { id: 'demo', last_seen_at: null, revoked_at: '2026-03-01T00:00:00Z' }],
  ])('does not come for a cluster that %s', async (_what, known) => {
    clusters = [known];
    await invite();
    expect(existsSync(token())).toBe(false);
  });
});
