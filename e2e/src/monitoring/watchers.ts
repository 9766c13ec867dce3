import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { freePorts } from '@aetherius/shared/service';
import { parse } from 'yaml';
import { eventually } from '../../../shared/src/testing/eventually.ts';
import { root } from '../run.ts';

/** As Alertmanager's own settings have it. */
type Webhook = { url: string; http_config?: { authorization: { credentials: string } } };
type Programs = { prometheus: string; alertmanager: string };
type Watching = {
  programs: Programs;
  folder: string;
  /** Where each job of the shipped settings finds its service here, as host and port. */
  targets: Record<string, string>;
  /** The webhooks of the receiver of each name. */
  receivers: Record<string, Webhook[]>;
};

/** Prometheus and Alertmanager over a running fleet. */
export type Watchers = { prometheus: string; alertmanager: string; stop(): Promise<void> };

/**
 * The words that run Alertmanager: Debian's reads its templates from /usr/share alone, so where the package is only
 * unpacked its folder is laid over that one, for this process and nobody else.
 */
export function alertmanagerCommand(path: string): string[] {
  if (!isAbsolute(path)) return [path];
  const overlay = 'mount -t overlay overlay -o "lowerdir=$1:/usr/share" /usr/share && shift && exec "$@"';
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', overlay, 'sh', join(path, '../../share'), path];
}

const compose = (file: string) => parse(readFileSync(join(root, 'deployments/compose', file), 'utf8'));

/** Starts both with the settings of compose, in which only addresses and waits are others. */
export async function startWatchers({ programs, folder, targets, receivers }: Watching): Promise<Watchers> {
  const [prometheus = 0, alertmanager = 0] = await freePorts(2);
  const at = (port: number) => `127.0.0.1:${port}`;
  const file = (name: string, settings: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(settings));
    return path;
  };
  const started = [
    launch(folder, alertmanagerCommand(programs.alertmanager), [
      `--config.file=${file('alertmanager.json', alertmanagerSettings(receivers))}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=${at(alertmanager)}`,
      '--cluster.listen-address=',
    ]),
    launch(
      folder,
      [programs.prometheus],
      [
        `--config.file=${file('prometheus.json', prometheusSettings(targets, at(alertmanager)))}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--web.listen-address=${at(prometheus)}`,
      ],
    ),
  ];
  const urls = { prometheus: `http://${at(prometheus)}`, alertmanager: `http://${at(alertmanager)}` };
  const stop = async () => {
    await Promise.all(started.map(ended));
  };
  await eventually(() => Promise.all(Object.values(urls).map(ready)), { within: 60_000 }).catch(
    async (cause: unknown) => {
      await stop();
      const words = readFileSync(join(folder, 'watchers.log'), 'utf8').slice(-2_000);
      throw new Error(`Prometheus and Alertmanager did not come up:\n${words}`, { cause });
    },
  );
  return { ...urls, stop };
}

type Prometheus = { global: object; rule_files: string[]; alerting: object; scrape_configs: { job_name: string }[] };

function prometheusSettings(targets: Record<string, string>, alertmanager: string): object {
  const shipped = compose('prometheus.yml') as Prometheus;
  return {
    ...shipped,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: shipped.rule_files.map((path) => path.replace('/etc/prometheus', join(root, 'deployments/monitoring'))),
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: shipped.scrape_configs.map(({ job_name }) => ({
      job_name,
      static_configs: [{ targets: [targets[job_name]] }],
    })),
  };
}

type Alertmanager = { route: { routes: object[] }; receivers: { name: string }[] };

function alertmanagerSettings(receivers: Watching['receivers']): object {
  const shipped = compose('alertmanager.yml') as Alertmanager;
  const soon = { group_wait: '1s' };
  return {
    ...shipped,
    route: { ...shipped.route, ...soon, routes: shipped.route.routes.map((route) => ({ ...route, ...soon })) },
    receivers: shipped.receivers.map(({ name }) => ({ name, webhook_configs: receivers[name] ?? [] })),
  };
}

function launch(folder: string, [program = '', ...words]: string[], args: string[]): ChildProcess {
  const log = openSync(join(folder, 'watchers.log'), 'a');
  const child = spawn(program, [...words, ...args], { cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

async function ready(url: string): Promise<void> {
  const answer = await fetch(`${url}/-/ready`);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
