import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
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
  crash(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
};

/** Starts services on their ports and watches over them. */
export function createServices({ home, env, ports, say, trouble, failed }: Starting): Services {
  const running = new Map<ServiceName, Supervised>();
  return {
    start: async (name, extra) => {
      const launch = async () => {
        const service = await startService({ name, port: ports[name], home, given: env, env: extra });
        say(`  ${name} is ready on port ${ports[name]}`);
        return service;
      };
      const keepLog = () => keptLog(home.logs, name);
      const now = () => performance.now();
      const supervised = await supervise({ name, launch, keepLog, trouble, failed, now });
      running.set(name, supervised);
      return supervised;
    },
    crash: async (name) => {
      const victim = running.get(name);
      if (victim === undefined) throw errors.not_found({ service: name });
      await victim.crash();
    },
    stop: async () => {
      // Agents first, then the control plane: nobody talks to a part that is gone.
      await running.get('collect-agent')?.stop();
      await Promise.all([...running.values()].map((service) => service.stop()));
    },
  };
}

function keptLog(folder: string, name: ServiceName): string {
  const [log, kept] = [join(folder, `${name}.log`), join(folder, `${name}.ended.log`)];
  if (existsSync(log)) renameSync(log, kept);
  return kept;
}
