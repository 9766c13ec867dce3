import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeUnless } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';
import { findPrograms, lookRound } from '../src/backing/machine.ts';
import { type PostgresBinaries, postgresBinaries } from '../src/backing/postgres-binaries.ts';
import { type PostgresServer, startPostgres } from '../src/backing/postgres-server.ts';
import { planRoutes } from '../src/backing/routes.ts';
import { homeFolder, openHome } from '../src/home.ts';
import { clustersIn, fillDatabase } from './filled-database.ts';

const scripts = fileURLToPath(new URL('../../deployments/charts/aetherius/files/', import.meta.url));
const { cache } = openHome(homeFolder(process.env));
const routes = planRoutes('postgres', { ...lookRound(process.env, cache), env: {} });
const found = await Promise.all(routes.map((route) => postgresBinaries(route, cache).catch(() => undefined)));
const versions = found.filter((one) => one !== undefined).sort((one, other) => one.major - other.major);
const [former, latter] = [versions[0], versions.at(-1)];
const tools = findPrograms('pg_dump', process.env)[0];

const folder = mkdtempSync(join(tmpdir(), 'aetherius-versions-'));
chmodSync(folder, 0o755);
const servers: PostgresServer[] = [];
afterAll(async () => {
  for (const { process: server } of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(binaries: PostgresBinaries, data: string): Promise<string> {
  const files = { logFile: join(folder, `${binaries.major}.log`), runFolder: folder };
  const server = await startPostgres({ binaries, folder: data, password: 'p', ...files, throwAway: true });
  servers.push(server);
  return server.url;
}

type Ended = { code: number; out: string; said: string };
const run = (script: string, words: string[], { env, input }: { env: object; input?: string }): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, encoding: 'latin1' as const, maxBuffer: 64e6 };
    const child = execFile('bash', [join(scripts, script), ...words], options, (error, out, said) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, said }),
    );
    child.stdin?.end(input, 'latin1');
  });
const check = (binaries: PostgresBinaries, volume: string, data: string) =>
  run('postgres-version.sh', [volume], {
    env: { PATH: `${dirname(binaries.postgres)}:${process.env['PATH']}`, PGDATA: data },
  });

const lacking =
  former === undefined || former.major === latter?.major ? 'there are no two versions of Postgres here' : undefined;
describeUnless(lacking ?? (tools === undefined ? 'there is no pg_dump' : undefined))(
  'a volume of another version of Postgres',
  () => {
    const [old, young] = [former, latter] as [PostgresBinaries, PostgresBinaries];

    it('is refused in one line, wherever in the volume the images of that version put it', async () => {
      for (const place of ['.', 'data', `${old.major}/docker`]) {
        const volume = join(folder, `volume-${place.replace('/', '-')}`);
        const data = join(volume, place);
        mkdirSync(data, { recursive: true });
        expect(await check(young, volume, join(volume, `${young.major}/docker`))).toEqual({
          code: 0,
          out: '',
          said: '',
        });
        writeFileSync(join(data, 'PG_VERSION'), `${old.major}\n`);
        expect(await check(old, volume, data)).toMatchObject({ code: 0 });
        const { code, said } = await check(young, volume, join(volume, `${young.major}/docker`));
        expect([code, said.trim().split('\n').length]).toEqual([1, 1]);
        expect(said).toContain(`a database of Postgres ${old.major}, which Postgres ${young.major} does not read`);
      }
    });

    it('is what the server itself refuses, and goes on in the new version by a backup', async () => {
      const data = join(folder, 'old');
      const url = await start(old, data);
      await fillDatabase(url);
      await expect(start(young, data)).rejects.toThrow();
      expect(readFileSync(join(folder, `${young.major}.log`), 'utf8')).toContain('incompatible with server');
      expect(await check(young, folder, data)).toMatchObject({ code: 1 });
      const path = `${dirname(tools ?? '')}:${process.env['PATH']}`;
      const dump = await run('database.sh', ['backup'], { env: { PATH: path, DATABASE_URL: url } });
      expect(dump.code).toBe(0);
      const next = await start(young, join(folder, 'young'));
      const restored = await run('database.sh', ['restore'], {
        env: { PATH: path, DATABASE_URL: next },
        input: dump.out,
      });
      expect([restored.code, restored.said]).toEqual([0, '']);
      expect(await clustersIn(next)).toEqual(['eu-1']);
      expect(await check(young, folder, join(folder, 'young'))).toMatchObject({ code: 0 });
    }, 90_000);
  },
);
