import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { freePorts, sleep } from '@aetherius/shared/service';
import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';
import { type Bases, targets } from './images.ts';

/** One container as compose lists it. */
export type Container = { Service: string; ID: string; State: string; Health: string; ExitCode: number };

/** The whole of docker-compose.yml as a project of its own, on free ports. */
export type Stack = {
  urls: Record<'agent-manager' | 'orchestrator-service' | 'reasoning-service' | 'faults' | 'gateway', string>;
  compose(...args: string[]): Promise<string>;
  /** The same with its output into a file, or its input from one. */
  piped(stream: '>' | '<', file: string, ...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  containers(): Promise<Container[]>;
  /** Waits until every container is healthy or has done its work; how long it took in seconds. */
  settled(withinSeconds: number): Promise<number>;
  /** What of it is left in the engine, by name. */
  leftovers(): Promise<string[]>;
  down(): Promise<void>;
};

type Starting = {
  env: Record<string, string>;
  bases: Bases;
  images: Record<string, string>;
  profiles: readonly string[];
};

const published = {
  'agent-manager': 'AGENT_MANAGER_PORT',
  'orchestrator-service': 'ORCHESTRATOR_PORT',
  'reasoning-service': 'REASONING_PORT',
  faults: 'SIMULATOR_FAULTS_PORT',
  gateway: 'AGENT_MANAGER_TLS_PORT',
} as const;
const others = [
  ...['NATS_PORT', 'SIMULATOR_PORT', 'ORCHESTRATOR_TLS_PORT', 'REASONING_TLS_PORT'],
  ...['PROMETHEUS_PORT', 'ALERTMANAGER_PORT', 'GRAFANA_PORT'],
];

/** The project, not started yet; `images` are those that take the place of public ones. */
export async function createStack({ env, bases, images, profiles }: Starting): Promise<Stack> {
  const project = `aetherius-test-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-deploy-'));
  const variables = [...Object.values(published), ...others];
  const free = await freePorts(variables.length);
  const ports = Object.fromEntries(variables.map((name, index) => [name, String(free[index])]));
  const settings = {
    AETHERIUS_BUILD_IMAGE: bases.BUILD_IMAGE,
    AETHERIUS_BASE_IMAGE: bases.BASE_IMAGE,
    AETHERIUS_TLS_BIND: '127.0.0.1',
    ...images,
    ...ports,
  };
  const file = join(folder, 'env');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const docker = (...args: string[]) => runCommand('docker', args, { cwd: root, env });
  const chosen = profiles.flatMap((name) => ['--profile', name]);
  const words = ['compose', '--project-name', project, '--env-file', file, ...chosen];
  const compose = (...args: string[]) => docker(...words, ...args);
  const containers = async () => (await compose('ps', '--all', '--format', 'json')).trim().split('\n').map(read);
  return {
    urls: Object.fromEntries(
      Object.entries(published).map(([name, variable]) => [
        name,
        `http${name === 'gateway' ? 's' : ''}://127.0.0.1:${ports[variable]}`,
      ]),
    ) as Stack['urls'],
    compose,
    piped: (stream, path, ...args) =>
      runCommand('bash', ['-c', `exec docker "$@" ${stream}"$0"`, path, ...words, ...args], { cwd: root, env }),
    docker,
    containers,
    settled: (withinSeconds) => settled(containers, withinSeconds),
    leftovers: async () => {
      const mine = ['--filter', `label=com.docker.compose.project=${project}`, '--quiet'];
      const found = await Promise.all(
        [
          ['ps', '--all'],
          ['volume', 'ls'],
          ['network', 'ls'],
        ].map((list) => docker(...list, ...mine)),
      );
      return found.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    },
    down: async () => {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '30');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const read = (line: string): Container => JSON.parse(line) as Container;

const isSettled = ({ State, Health, ExitCode }: Container): boolean =>
  State === 'exited' ? ExitCode === 0 : State === 'running' && (Health === 'healthy' || Health === '');

async function settled(containers: () => Promise<Container[]>, withinSeconds: number): Promise<number> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1_000;
  for (;;) {
    const waiting = (await containers()).filter((container) => !isSettled(container));
    if (waiting.length === 0) return Math.round(seconds());
    if (seconds() > withinSeconds) {
      const names = waiting.map(({ Service, State, Health }) => `${Service} is ${State} ${Health}`);
      throw errors.unavailable({ reason: `after ${withinSeconds} s ${names.join(', ')}` });
    }
    await sleep(1_000);
  }
}

/** The services whose images are ours. */
export const ours: readonly string[] = [
  ...targets.filter((target) => target !== 'setup'),
  'secrets',
  'database',
  'faults',
];
