import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { freePort } from '@aetherius/shared/service';
import { type Home, makeFolder } from '../home.ts';
import { type Startable, startProgram } from '../process.ts';
import { keptSecrets } from '../secrets.ts';
import { runCommand } from './command.ts';
import { newPassword } from './postgres-server.ts';
import type { Route } from './routes.ts';

const VERSION = '5.26.30';
/** A Java program on a busy machine. */
const READY_WITHIN_MS = 240_000;
const MAVEN_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The graph database; the URL carries user and password. */
export type Neo4j = { url: string; process: Startable | undefined };
export type StartingNeo4j = { route: Route; home: Home; java: string | undefined; signal: AbortSignal };

/** How to call the server and its administration tool. */
type Programs = { server: { command: string; args: string[] }; admin: { command: string; args: string[] } };

/** Takes the graph database that was named, or starts the one on PATH or from Maven. */
export async function startNeo4j({ route, home, java = 'java', signal }: StartingNeo4j): Promise<Neo4j> {
  if (route.way === 'url') {
    const { hostname, port } = new URL(route.url);
    await answers(hostname, Number(port || 7687));
    return { url: route.url, process: undefined };
  }
  const folder = makeFolder(join(home.data, 'neo4j'), 0o700);
  const programs = await programsOf({ route, home, java, signal }, folder);
  const password = keptSecrets(home.secrets, 'neo4j')('neo4j', newPassword);
  const port = await freePort();
  configure(folder, port);
  const env = { NEO4J_HOME: folder, NEO4J_CONF: folder };
  if (!existsSync(join(folder, 'data', 'dbms', 'auth.ini'))) {
    const { command, args } = programs.admin;
    await runCommand(command, [...args, 'dbms', 'set-initial-password', password], { env, signal });
  }
  const process_ = await startProgram(
    {
      name: 'neo4j',
      ...programs.server,
      env: { ...process.env, ...env },
      logFile: join(home.logs, 'neo4j.log'),
      runFolder: home.run,
    },
    () => answers('127.0.0.1', port),
    READY_WITHIN_MS,
  );
  return { url: `bolt://neo4j:${password}@127.0.0.1:${port}`, process: process_ };
}

async function programsOf(
  { route, home, java, signal }: StartingNeo4j & { java: string },
  folder: string,
): Promise<Programs> {
  if (route.way === 'binary') {
    const admin = join(dirname(route.path), 'neo4j-admin');
    return { server: { command: route.path, args: ['console'] }, admin: { command: admin, args: [] } };
  }
  if (route.way !== 'maven') throw errors.invalid_input({ route: route.way });
  const classPath = ['-cp', join(await fetchJars(route.tool, home.cache, signal), '*')];
  const opened = ['java.nio', 'java.io', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);
  const folders = [`--home-dir=${folder}`, `--config-dir=${folder}`, '--console-mode'];
  return {
    server: {
      command: java,
      args: ['-Xmx512m', ...opened, ...classPath, 'org.neo4j.server.CommunityEntryPoint', ...folders],
    },
    admin: { command: java, args: [...classPath, 'org.neo4j.cli.AdminTool'] },
  };
}

function configure(folder: string, port: number): void {
  const settings = {
    'server.bolt.listen_address': `127.0.0.1:${port}`,
    'server.http.enabled': 'false',
    'server.https.enabled': 'false',
    'server.memory.pagecache.size': '64m',
    'server.directories.data': join(folder, 'data'),
    'server.directories.logs': join(folder, 'logs'),
    'dbms.usage_report.enabled': 'false',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  writeFileSync(join(folder, 'neo4j.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>io.aetherius</groupId>
  <artifactId>graph</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

async function fetchJars(maven: string, cache: string, signal: AbortSignal): Promise<string> {
  const place = join(cache, `neo4j-${VERSION}`);
  if (existsSync(place)) return join(place, 'lib');
  const draft = await mkdtemp(join(cache, '.fetch-'));
  try {
    const file = join(draft, 'pom.xml');
    writeFileSync(file, pom);
    const options = [`-DoutputDirectory=${join(draft, 'lib')}`, '-DincludeScope=runtime'];
    await runCommand(maven, ['-q', '-B', '-f', file, MAVEN_PLUGIN, ...options], { signal });
    await rename(draft, place);
    return join(place, 'lib');
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const answers = (host: string, port: number): Promise<true> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 3_000 });
    const fail = (reason: string) => {
      socket.destroy();
      reject(errors.unavailable({ part: 'neo4j', reason }));
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('timeout', () => fail('no answer within 3 s'));
    socket.once('error', (error) => fail(error.message));
  });
