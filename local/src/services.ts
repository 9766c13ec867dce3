import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { freePort } from '@aetherius/shared/service';
import type { Home } from './home.ts';
import { type ServiceName, startService } from './service-processes.ts';
import { type Supervised, supervise } from './supervise.ts';

type Starting = {
  home: Home;
  env: Record<string, string | undefined>;
  ports: Record<ServiceName, number>;
  say: (line: string) => void;
  trouble: (line: string) => void;
  failed: (reason: string) => void;
};

/** The services of a fleet, each kept running until `stop`. */
export type Services = {
  start(name: ServiceName, extra: Record<string, string>): Promise<Supervised>;
  /** A second process of a service, on a port of its own. */
  addReplica(name: ServiceName, extra: Record<string, string>): Promise<void>;
  /** One more agent, on a port of its own. */
  addAgent(label: string, extra: Record<string, string>): Promise<Supervised>;
  crash(name: ServiceName): Promise<void>;
  /** Ends each process of a service as a cluster would and starts it again, one after the other. */
  restart(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
};

/** Starts services on their ports and watches over them. */
export function createServices({ home, env, ports, say, trouble, failed }: Starting): Services {
  const running = new Map<ServiceName, Supervised>();
  const replicas = new Map<ServiceName, Supervised>();
  const agents = new Set<Supervised>();
  const start = (
    name: ServiceName,
    { port, label, extra }: { port: number; label: string; extra: Record<string, string> },
  ) => {
    const launch = async () => {
      const service = await startService({ name, label, port, home, given: env, env: extra });
      say(`  ${label} is ready on port ${port}`);
      return service;
    };
    const keepLog = () => keptLog(home.logs, label);
    const now = () => performance.now();
    return supervise({ name: label, launch, keepLog, trouble, failed, now });
  };
  return {
    start: async (name, extra) => {
      const supervised = await start(name, { port: ports[name], label: name, extra });
      running.set(name, supervised);
      return supervised;
    },
    addReplica: async (name, extra) => {
      replicas.set(name, await start(name, { port: await freePort(), label: `${name}-2`, extra }));
    },
    addAgent: async (label, extra) => {
      const agent = await start('collect-agent', { port: await freePort(), label, extra });
      agents.add(agent);
      return agent;
    },
    restart: async (name) => {
      for (const processes of [running, replicas]) await processes.get(name)?.restart();
    },
    crash: async (name) => {
      const victim = running.get(name);
      if (victim === undefined) throw errors.not_found({ service: name });
      await victim.crash();
    },
    stop: async () => {
      // Agents first, then the control plane: nobody talks to a part that is gone.
      await Promise.all([running.get('collect-agent'), ...agents].map((agent) => agent?.stop()));
      await Promise.all([...running.values(), ...replicas.values()].map((service) => service.stop()));
    },
  };
}

function keptLog(folder: string, name: string): string {
  const [log, kept] = [join(folder, `${name}.log`), join(folder, `${name}.ended.log`)];
  if (existsSync(log)) renameSync(log, kept);
  return kept;
}
