import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand, succeeds } from './command.ts';
import type { Layout } from './layout.ts';
import { BRIDGE, bridgeRule, NETWORK } from './node-config.ts';
import { dropServiceAddresses } from './service-network.ts';

/** Where every network plugin notes what it has set up, for all networks of the machine. */
const NETWORK_NOTES = '/var/lib/cni/results';

/** Takes away what kubelet and containerd leave in the kernel: mounts, network namespaces, the bridge, control groups. */
export async function cleanKernel({ root }: Layout): Promise<void> {
  for (const path of mountsBelow(root)) await succeeds('umount', ['-l', path]);
  for (const namespace of takeNetworkNotes()) await succeeds('ip', ['netns', 'del', namespace]);
  if (await succeeds('ip', ['link', 'show', BRIDGE])) await runCommand('ip', ['link', 'del', BRIDGE]);
  await dropServiceAddresses();
  while (await succeeds('iptables', ['-D', ...bridgeRule]));
  const groups = ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', '*/kubepods*'];
  await succeeds('find', [...groups, '-exec', 'rmdir', '{}', ';']);
}

/** The innermost first, as they have to go. */
const mountsBelow = (root: string): string[] =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${root}/`))
    .sort()
    .reverse();

/** The network namespaces of the bed's pods; the notes that name them are removed, those of other networks stay. */
function takeNetworkNotes(): string[] {
  if (!existsSync(NETWORK_NOTES)) return [];
  const ours = readdirSync(NETWORK_NOTES).filter((file) => file.startsWith(`${NETWORK}-`));
  const namespaces = ours.flatMap((file) => {
    const path = join(NETWORK_NOTES, file);
    const { result } = JSON.parse(readFileSync(path, 'utf8')) as { result: { interfaces: { sandbox?: string }[] } };
    rmSync(path);
    rmSync(join(NETWORK_NOTES, file.replace(NETWORK, 'cni-loopback').replace(/eth0$/, 'lo')), { force: true });
    return result.interfaces.flatMap(({ sandbox }) => (sandbox ? [basename(sandbox)] : []));
  });
  return [...new Set(namespaces)];
}
