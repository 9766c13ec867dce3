import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '@aetherius/shared/errors';
import type { Home } from './home.ts';
import { type Managed, startProgram } from './process.ts';
import { serviceEnvironment } from './service-environment.ts';

export const serviceNames = ['agent-manager', 'orchestrator-service', 'reasoning-service', 'collect-agent'] as const;
export type ServiceName = (typeof serviceNames)[number];

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The fleet's ports; an environment variable moves each. */
export function portsOf(env: Record<string, string | undefined>): Record<ServiceName, number> {
  const port = (variable: string, fallback: number): number => {
    const given = Number(env[variable] ?? fallback);
    if (!Number.isInteger(given) || given < 1 || given > 65_535)
      throw errors.invalid_input({ [variable]: 'is not a port' });
    return given;
  };
  return {
    'agent-manager': port('AGENT_MANAGER_PORT', 8080),
    'orchestrator-service': port('ORCHESTRATOR_PORT', 8081),
    'reasoning-service': port('REASONING_PORT', 8082),
    'collect-agent': port('COLLECT_AGENT_PORT', 8083),
  };
}

export const portVariables: Record<ServiceName, string> = {
  'agent-manager': 'AGENT_MANAGER_PORT',
  'orchestrator-service': 'ORCHESTRATOR_PORT',
  'reasoning-service': 'REASONING_PORT',
  'collect-agent': 'COLLECT_AGENT_PORT',
};

/** Far longer than it takes: one that ends is noticed at once, and a busy machine is slow. */
const READY_WITHIN_MS = 120_000;

/**
 * The agent has little memory. V8 would spend three times 16 MiB on the young objects of a page of pods, and let old ones
 * grow to several times of what is in use. Its image says the same.
 */
const nodeFlags: Partial<Record<ServiceName, string[]>> = {
  'collect-agent': ['--max-semi-space-size=2', '--heap-growing-percent=25'],
};

type Starting = {
  name: ServiceName;
  /** What its log and its note of a process are called, where two processes are of one service. */
  label: string;
  port: number;
  home: Home;
  /** What a person set, of which little is passed on. */
  given: Record<string, string | undefined>;
  env: Record<string, string>;
};

/** Starts one service from its sources and waits until it says that it is ready. */
export const startService = ({ name, label, port, home, given, env }: Starting): Promise<Managed> =>
  startProgram(
    {
      name: label,
      command: process.execPath,
      args: [
        '--conditions=source',
        '--enable-source-maps',
        '--disable-warning=ExperimentalWarning',
        ...(nodeFlags[name] ?? []),
        join(root, name, 'src/main.ts'),
      ],
      env: serviceEnvironment(given, { ...env, PORT: String(port), LISTEN_HOST: '127.0.0.1' }),
      cwd: root,
      logFile: join(home.logs, `${label}.log`),
      runFolder: home.run,
    },
    async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok,
    READY_WITHIN_MS,
  );
