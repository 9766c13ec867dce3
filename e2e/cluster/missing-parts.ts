import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { runCommand, succeeds } from './command.ts';
import { identityOf } from './processes.ts';

const packages = ['containerd', 'runc', 'containernetworking-plugins', 'busybox-static', 'iptables'];
const OLDEST_GO = 26;

/** Why this machine cannot have the bed, as one sentence for a person; undefined when it can. */
export async function missingParts(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `a kubelet needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'containerd and the kubelet need root';
  const minor = await goMinor();
  if (minor === undefined || minor < OLDEST_GO) return `Go 1.${OLDEST_GO} or newer is needed to build Kubernetes`;
  for (const program of ['openssl', 'ip', 'tar']) {
    if (!(await isInstalled(program))) return `${program} is not installed`;
  }
  if (!hasPackages() && !(await isInstalled('apt-get'))) return `no apt-get to install ${packages.join(', ')} with`;
  if (hostAddress() === undefined) return 'this machine has no network address but loopback';
  return undefined;
}

/** Installs what containerd, pods and their network need, where it is not there yet. */
export async function installPackages(report: (line: string) => void): Promise<void> {
  if (hasPackages()) return;
  report(`installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update', '-qq'], { env });
  await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

/** The address under which the real node is known; a kubelet refuses loopback. */
export const hostAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** A kubelet that runs here already; two of them would fight over the same control groups. */
export function otherKubelet(): number | undefined {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && nameOf(entry) === 'kubelet');
  return pids.map(Number).find((pid) => identityOf(pid) !== undefined);
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

const hasPackages = (): boolean =>
  ['/usr/bin/containerd', '/usr/sbin/runc', '/usr/lib/cni/bridge', '/bin/busybox', '/usr/sbin/iptables'].every((file) =>
    existsSync(file),
  );

const isInstalled = (program: string): Promise<boolean> => succeeds('which', [program]);

async function goMinor(): Promise<number | undefined> {
  const version = await runCommand('go', ['env', 'GOVERSION']).catch(() => '');
  const minor = /^go1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
