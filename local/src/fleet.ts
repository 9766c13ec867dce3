import { join } from 'node:path';
import { agentPermissions, type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { requireFreePorts } from './backing/ports.ts';
import { type Backing, startBacking } from './backing/start-backing.ts';
import { describeTry } from './backing/tries.ts';
import type { Home } from './home.ts';
import { requireKeysOf } from './kept-data.ts';
import { bootstrapToken, type Keys, openKeys } from './keys.ts';
import { portsOf, portVariables, type ServiceName, serviceNames } from './service-processes.ts';
import { createServices, type Services } from './services.ts';
import type { Supervised } from './supervise.ts';

type Env = Record<string, string | undefined>;

/** How an agent reaches its cluster; everything else about an agent is the same for all. */
export type ClusterAccess = { id: string; name: string; env: Record<string, string> };

export type Fleet = {
  api: ApiClient;
  urls: Record<ServiceName, string>;
  /** The latest part that ended by itself, in the words of a person. */
  trouble(): string | undefined;
  /** Kills a service without warning and starts it again: for tests of crashes. */
  crash(name: ServiceUser): Promise<void>;
  /** Starts a second process of a service beside the first. */
  addReplica(name: ServiceUser): Promise<void>;
  /** Ends each process of a service as a cluster would and starts it again, one after the other. */
  restart(name: ServiceName): Promise<void>;
  /** Puts an agent into a cluster, one at a time: the one before is taken out first. */
  attach(cluster: ClusterAccess): Promise<{ detach(): Promise<void> }>;
  /** Puts one more agent beside those that are there, in a cluster of its own or into one that has an agent. */
  addAgent(cluster: ClusterAccess & { label: string }): Promise<Supervised>;
  backing: Pick<Backing, 'postgres' | 'nats' | 'redis' | 'neo4j' | 'outage'>;
  stop(): Promise<void>;
};

export type StartingFleet = {
  home: Home;
  env: Env;
  say: (line: string) => void;
  signal: AbortSignal;
  /** Told why when a part is lost for good; the fleet should be stopped then. */
  failed?: (reason: string) => void;
};

const central: readonly ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

/** Brings up the backing services and the control plane; whatever fails takes down what was already up. */
export async function startFleet({ home, env, say, signal, failed = say }: StartingFleet): Promise<Fleet> {
  const ports = portsOf(env);
  requireKeysOf(home);
  let lastTrouble: string | undefined;
  const trouble = (line: string) => {
    lastTrouble = line;
    say(`  ${line}`);
  };
  const backing = await startBacking({
    home,
    env,
    signal,
    report: (attempt) => say(`  ${describeTry(attempt)}`),
    reaped: async (names) => {
      if (names.length > 0) say(`  ended what an earlier start left running: ${names.join(', ')}`);
      // Only now, when nothing of our own holds a port any more, and before anything is started for nothing.
      await requireFreePorts(
        serviceNames.map((name) => ({ port: ports[name], purpose: name, variable: portVariables[name] })),
      );
    },
    ended: (name) =>
      (isOptional(name) ? trouble : failed)(`${name} ended; its log is ${join(home.logs, `${name}.log`)}`),
  });
  if (backing.redis.url === undefined) say(`  redis is optional and absent: ${backing.redis.reason}`);
  const running = createServices({ home, env, ports, say, trouble, failed });
  const stop = async () => {
    await running.stop();
    await backing.stop();
  };
  try {
    const keys = openKeys(home.secrets);
    const urls = urlsOf(ports);
    const envs = await centralEnvironments({ backing, keys, managerUrl: urls['agent-manager'] });
    const starts = central.map((name) => running.start(name, envs[name]));
    // All of them even when one fails: a part that comes up late must still be stopped.
    await Promise.allSettled(starts);
    await Promise.all(starts);
    signal.throwIfAborted();
    const api = createApiClient({ url: urls['agent-manager'], apiToken: bootstrapToken(keys) });
    return {
      api,
      urls,
      trouble: () => lastTrouble,
      stop,
      crash: running.crash,
      addReplica: (name) => running.addReplica(name, envs[name]),
      restart: running.restart,
      ...attaching({ home, running, way: { nats: backing.nats, api, managerUrl: urls['agent-manager'] } }),
      backing,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type WayToBus = { nats: Backing['nats']; api: ApiClient; id: string; managerUrl: string };
type Attaching = { home: Home; running: Services; way: Omit<WayToBus, 'id'> };

function attaching({ home, running, way }: Attaching): Pick<Fleet, 'attach' | 'addAgent'> {
  const environment = async ({ id, name, env: access }: ClusterAccess) => ({
    SPOOL_DIR: `${home.data}/spool-${id}`,
    ...access,
    CLUSTER_ID: id,
    DISPLAY_NAME: name,
    ...(await wayToBus({ ...way, id })),
  });
  return {
    attach: async (cluster) => {
      const agent = await running.start('collect-agent', await environment(cluster));
      return { detach: () => agent.stop() };
    },
    addAgent: async ({ label, ...cluster }) => running.addAgent(label, await environment(cluster)),
  };
}

/** An agent enrols like any other; on a bus that somebody else runs it takes the credentials that were given for it. */
async function wayToBus({ nats, api, id, managerUrl }: WayToBus): Promise<Record<string, string>> {
  if (nats.issuerFile !== undefined) return { ENROL_URL: managerUrl, ENROL_TOKEN: await api.invite(id) };
  const creds = await nats.creds(`agent-${id}`, agentPermissions(id));
  return { NATS_URL: nats.url, ...(creds === undefined ? {} : { NATS_CREDS: creds }) };
}

/** Nothing depends on these: Redis only spares the database, and no service reads Neo4j. */
const isOptional = (name: string): boolean => name === 'redis' || name === 'neo4j';

const urlsOf = (ports: Record<ServiceName, number>) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`])) as Record<
    ServiceName,
    string
  >;

async function centralEnvironments({
  backing,
  keys,
  managerUrl,
}: {
  backing: Backing;
  keys: Keys;
  managerUrl: string;
}): Promise<Record<ServiceUser, Record<string, string>>> {
  const environment = async (service: ServiceUser) => {
    const creds = await backing.nats.creds(service, servicePermissions(service));
    return {
      DATABASE_URL: backing.postgres.urlFor(service),
      NATS_URL: backing.nats.url,
      ...(creds === undefined ? {} : { NATS_CREDS: creds }),
      AUTH_PUBLIC_KEY_FILE: keys.publicKeyFile,
    };
  };
  return {
    'agent-manager': {
      ...(await environment('agent-manager')),
      AUTH_PRIVATE_KEY_FILE: keys.privateKeyFile,
      AETHERIUS_BOOTSTRAP_TOKEN_FILE: keys.bootstrapTokenFile,
      PUBLIC_URL: managerUrl,
      ...(backing.nats.issuerFile === undefined ? {} : { NATS_ISSUER_FILE: backing.nats.issuerFile }),
      ...(backing.redis.url === undefined ? {} : { REDIS_URL: backing.redis.url }),
    },
    'orchestrator-service': await environment('orchestrator-service'),
    'reasoning-service': {
      ...(await environment('reasoning-service')),
      ...(backing.neo4j.url === undefined ? {} : { NEO4J_URI: backing.neo4j.url }),
    },
  };
}
