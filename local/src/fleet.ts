import { agentPermissions, type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { requireFreePort } from './backing/ports.ts';
import { type Backing, startBacking } from './backing/start-backing.ts';
import { describeTry } from './backing/tries.ts';
import type { Home } from './home.ts';
import { bootstrapToken, type Keys, openKeys } from './keys.ts';
import type { Managed } from './process.ts';
import { portsOf, portVariables, type ServiceName, serviceNames, startService } from './service-processes.ts';

type Env = Record<string, string | undefined>;

/** How an agent reaches its cluster; everything else about an agent is the same for all. */
export type ClusterAccess = { id: string; name: string; env: Record<string, string> };

export type Fleet = {
  api: ApiClient;
  urls: Record<ServiceName, string>;
  /** Kills a service without warning and starts it again: for tests of crashes. */
  crash(name: Exclude<ServiceName, 'collect-agent'>): Promise<void>;
  attach(cluster: ClusterAccess): Promise<void>;
  stop(): Promise<void>;
};

export type StartingFleet = { home: Home; env: Env; say: (line: string) => void; signal: AbortSignal };

const central: readonly ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

/** Brings up the backing services and the control plane; whatever fails takes down what was already up. */
export async function startFleet({ home, env, say, signal }: StartingFleet): Promise<Fleet> {
  const ports = portsOf(env);
  const backing = await startBacking({
    home,
    env,
    signal,
    report: (attempt) => say(`  ${describeTry(attempt)}`),
    reaped: (names) => names.length > 0 && say(`  ended what an earlier start left running: ${names.join(', ')}`),
  });
  if (backing.redis.url === undefined) say(`  redis is optional and absent: ${backing.redis.reason}`);
  const keys = openKeys(home.secrets);
  const running = new Map<ServiceName, Managed>();
  const stop = async () => {
    // Agents first, then the control plane, then what it stands on: nobody talks to a part that is gone.
    await running.get('collect-agent')?.stop();
    await Promise.all([...running.values()].map((service) => service.stop()));
    await backing.stop();
  };
  const start = async (name: ServiceName, extra: Record<string, string>) => {
    running.set(name, await startService({ name, port: ports[name], home, given: env, env: extra }));
    say(`  ${name} is ready on port ${ports[name]}`);
  };
  try {
    // Only now: what a killed start left on these ports has just been ended.
    for (const name of serviceNames)
      await requireFreePort({ port: ports[name], purpose: name, variable: portVariables[name] });
    const envs = await centralEnvironments({ backing, keys });
    await Promise.all(central.map((name) => start(name, envs[name])));
    const urls = urlsOf(ports);
    return {
      api: createApiClient({ url: urls['agent-manager'], apiToken: bootstrapToken(keys) }),
      urls,
      stop,
      crash: async (name) => {
        const victim = running.get(name);
        if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
        await victim?.exited;
        await start(name, envs[name]);
      },
      attach: async ({ id, name, env: access }) => {
        const creds = await backing.nats.creds(`agent-${id}`, agentPermissions(id));
        await start('collect-agent', {
          ...access,
          CLUSTER_ID: id,
          DISPLAY_NAME: name,
          SPOOL_DIR: `${home.data}/spool-${id}`,
          NATS_URL: backing.nats.url,
          ...(creds === undefined ? {} : { NATS_CREDS: creds }),
        });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const urlsOf = (ports: Record<ServiceName, number>) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`])) as Record<
    ServiceName,
    string
  >;

async function centralEnvironments({
  backing,
  keys,
}: {
  backing: Backing;
  keys: Keys;
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
      ...(backing.redis.url === undefined ? {} : { REDIS_URL: backing.redis.url }),
    },
    'orchestrator-service': await environment('orchestrator-service'),
    'reasoning-service': {
      ...(await environment('reasoning-service')),
      ...(backing.neo4j.url === undefined ? {} : { NEO4J_URI: backing.neo4j.url }),
    },
  };
}
