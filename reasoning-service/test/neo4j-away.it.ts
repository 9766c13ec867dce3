import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureStreams, openNats } from '@aetherius/shared/nats';
import { systemClock as clock, freePort } from '@aetherius/shared/service';
import { database, eventually, natsServer, needs, silentLogger, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openKnowledge } from '../src/knowledge.ts';

const log = silentLogger();
const migrations = new URL('../migrations/', import.meta.url);
const answered = expect.stringMatching(/^neo4j: answered at \d{4}-/);
const silent = expect.stringMatching(/^neo4j: does not answer since \d{4}-/);

/** Leads from the port to a server that was not there before. */
async function lead(port: number, to: URL): Promise<Server> {
  const server = createServer((near) => {
    const far = connect({ host: to.hostname, port: Number(to.port) });
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

needs('postgres', 'nats')('a service whose graph is away at its start', () => {
  it('starts, stays in service, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aetherius-reasoning-'));
    const key = join(folder, 'key.pem');
    writeFileSync(key, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
    const bus = await natsServer();
    const test = await database({ schema: 'reasoning_service', migrations });
    const nats = await openNats({ url: bus.url, name: 'agent-manager' }, log);
    await ensureStreams(nats);
    const [port, closed] = [await freePort(), await freePort()];
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: test.url,
      NATS_URL: bus.url,
      PORT: String(port),
      AUTH_PUBLIC_KEY_FILE: key,
      NEO4J_URI: `bolt://neo4j:secret-of-mine@127.0.0.1:${closed}`,
    };
    const child = spawn(process.execPath, ['--conditions=source', main], { env });
    const over = once(child, 'exit');
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    try {
      await eventually(
        async () => {
          const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
          expect([answer.status, await answer.json()]).toMatchObject([
            200,
            {
              status: 'degraded',
              parts: { postgres: 'ok', case_store: 'does not answer' },
              notes: { case_store: silent },
            },
          ]);
        },
        { within: 60_000 },
      );
      const figures = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(figures).toContain('aetherius_part_ready{part="case_store",service="reasoning-service"} 0');
      expect(output).toContain(`start Neo4j at 127.0.0.1:${closed}, or set NEO4J_URI`);
      expect(output).not.toContain('secret-of-mine');
    } finally {
      child.kill('SIGTERM');
      expect((await over)[0]).toBe(0);
      await nats.stop();
      await bus.stop();
      await test.drop();
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

needs('postgres')('a graph that is away', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await database({ schema: 'reasoning_service', migrations });
  }, 60_000);
  afterAll(() => test.drop());

  const open = (uri: string) =>
    openKnowledge({ db: test.db, neo4j: { uri }, runbookFolders: [], experienceForMs: 0, clock, log });

  it('fails what it is asked as something that passes', async () => {
    const knowledge = await open(`bolt://a:b@127.0.0.1:${await freePort()}`);
    try {
      expect([knowledge.lastHeard(), knowledge.isSilent()]).toEqual([silent, true]);
      await expect(knowledge.cases.count()).rejects.toMatchObject({
        code: 'unavailable',
        retryable: true,
        // Not the words of the driver: it was not asked.
        details: { reason: expect.stringMatching(/^does not answer since/) },
      });
      await knowledge.keepLibrary();
      expect(knowledge.isSilent()).toBe(true);
    } finally {
      await knowledge.stop();
    }
  }, 60_000);

  needs('postgres', 'neo4j')('and comes later', () => {
    it('gets the library, and is searched', async () => {
      const target = new URL(process.env['AETHERIUS_TEST_NEO4J_URL'] ?? '');
      const port = await freePort();
      const uri = new URL(target);
      uri.host = `127.0.0.1:${port}`;
      const knowledge = await open(uri.href);
      expect(knowledge.lastHeard()).toEqual(silent);
      const way = await lead(port, target);
      try {
        await eventually(
          async () => {
            await knowledge.keepLibrary();
            expect([knowledge.lastHeard(), knowledge.isSilent()]).toEqual([answered, false]);
          },
          { within: 60_000 },
        );
        const like = { category: 'dns_failure', symptoms: ['event/FailedAttachVolume'] } as const;
        const [first] = await knowledge.cases.candidates(like, 50);
        expect(first?.id).toBe('library-volume-held-by-lost-node');
        expect(await knowledge.cases.search('volume', 5)).not.toEqual([]);
      } finally {
        await knowledge.stop();
        way.close();
      }
    }, 120_000);
  });
});
