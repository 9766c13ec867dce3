import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@aetherius/shared/service';
import { runCommand, succeeds } from './command.ts';
import type { ControlPlane } from './control-plane.ts';
import { makeImages } from './images.ts';
import { writeKubeconfig } from './keys.ts';
import type { Layout } from './layout.ts';
import {
  type AddressRange,
  bridgeRule,
  containerdConfig,
  kubeletConfig,
  networkConfig,
  type Pressure,
  registryHosts,
} from './node-config.ts';
import { startProgram, stopPrograms } from './processes.ts';

type Place = { layout: Layout; binaries: string; plane: ControlPlane; node: string; address: string };

/** Starts containerd with a registry of its own, then a kubelet, and waits until the node is ready. */
export async function startRealNode(place: Place): Promise<void> {
  const { layout } = place;
  const images = await makeImages(layout.images);
  await startRegistry(layout, images.busybox);
  await startContainerd(layout);
  await loadImages(layout, images.pause);
  // Where the machine's FORWARD chain drops by default, bridged frames between pods would be dropped with the rest.
  if (!(await succeeds('iptables', ['-C', ...bridgeRule]))) await runCommand('iptables', ['-I', ...bridgeRule]);
  await startKubelet(place);
}

/** Runs containerd's own client on the bed's containerd. */
const containerd = (layout: Layout, args: readonly string[]): Promise<string> =>
  runCommand('ctr', ['--address', layout.containerdSocket, '-n', 'k8s.io', ...args]);

/** Puts the images of an archive where the kubelet finds them without a registry. */
export async function loadImages(layout: Layout, archive: string): Promise<void> {
  await containerd(layout, ['images', 'import', archive]);
}

async function startRegistry(layout: Layout, image: string): Promise<void> {
  const [port = 0] = await freePorts(1);
  for (const host of ['localhost', 'registry.example.com']) {
    mkdirSync(join(layout.registry, host), { recursive: true });
    writeFileSync(join(layout.registry, host, 'hosts.toml'), registryHosts(port));
  }
  const program = fileURLToPath(new URL('registry.ts', import.meta.url));
  await startProgram(
    {
      name: 'registry',
      command: process.execPath,
      args: [program, String(port), image, layout.missingImages],
      logFile: join(layout.logs, 'registry.log'),
      runFolder: layout.run.containerd,
    },
    async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).ok,
  );
}

const networkFile = (layout: Layout): string => join(layout.network, '10-bed.conflist');

async function startContainerd(layout: Layout): Promise<void> {
  const config = join(layout.root, 'containerd.toml');
  writeFileSync(config, containerdConfig(layout));
  writeFileSync(networkFile(layout), networkConfig(layout));
  const files = { logFile: join(layout.logs, 'containerd.log'), runFolder: layout.run.containerd };
  await startProgram({ name: 'containerd', command: 'containerd', args: ['--config', config], ...files }, () =>
    containerd(layout, ['version']).then(() => true),
  );
}

/** Ready comes a moment before the taint of a node that is not, and a pod made in between is marked for deletion. */
const READY = { path: '{.status.conditions[?(@.type=="Ready")].status}{.spec.taints}', value: 'True' };
const conditionOf: Readonly<Record<Pressure, string>> = {
  'nodefs.available': 'DiskPressure',
  'memory.available': 'MemoryPressure',
  'pid.available': 'PIDPressure',
};

type Start = { wanted: typeof READY; evictBelow: Partial<Record<Pressure, string>> };

/** Starts the kubelet; it evicts pods below a share of what is free, which an almost full disk of the machine must not bring about. */
async function startKubelet(
  place: Place,
  { wanted, evictBelow }: Start = { wanted: READY, evictBelow: {} },
): Promise<void> {
  const { layout, binaries, plane, node, address } = place;
  const [port = 0, health = 0] = await freePorts(2);
  const config = join(layout.root, 'kubelet.json');
  writeFileSync(config, JSON.stringify(kubeletConfig(layout, { port, health, evictBelow }), null, 2));
  writeFileSync(join(layout.root, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const args = [
    `--config=${config}`,
    `--kubeconfig=${writeKubeconfig(layout.keys, 'kubelet', plane.apiUrl)}`,
    `--root-dir=${layout.kubelet}`,
    `--hostname-override=${node}`,
    `--node-ip=${address}`,
  ];
  const files = { logFile: join(layout.logs, 'kubelet.log'), runFolder: layout.run.kubelet };
  const state = async () => plane.kubectl.run(['get', 'node', node, '-o', `jsonpath=${wanted.path}`]);
  const ready = async () => (await state()) === wanted.value;
  await startProgram({ name: 'kubelet', command: join(binaries, 'kubelet'), args, ...files }, ready, 90_000);
}

/** Has the node run short of something without using it up: its kubelet is started anew and wants more to be free than there is. */
export async function pressNode(place: Place, pressure: Pressure): Promise<void> {
  await stopPrograms(place.layout.run.kubelet);
  const path = `{.status.conditions[?(@.type=="${conditionOf[pressure]}")].status}`;
  // A hundred per cent would switch the threshold off.
  await startKubelet(place, { wanted: { path, value: 'True' }, evictBelow: { [pressure]: '99.9%' } });
}

/** Has the kubelet want no more to be free than it did at first. */
export async function restNode(place: Place): Promise<void> {
  await stopPrograms(place.layout.run.kubelet);
  await startKubelet(place);
}

/** Leaves the pods that start from now on no other addresses than these. */
export function limitAddresses(layout: Layout, range: AddressRange): void {
  writeFileSync(networkFile(layout), networkConfig(layout, range));
}

/** Ends every container of the bed; without their kubelet they would run on for ever. */
export async function endContainers(layout: Layout): Promise<void> {
  // Asked first, because the client waits ten seconds for a socket that is not there.
  if (!existsSync(layout.containerdSocket) || !(await containerd(layout, ['version']).catch(() => ''))) return;
  const names = async (kind: 'task' | 'container') =>
    (await containerd(layout, [kind, 'ls', '-q'])).split('\n').filter((name) => name !== '');
  const attempt = (args: readonly string[]) => containerd(layout, args).catch(() => '');
  // A killed task is gone only when its shim has noticed, so removing is tried again.
  for (let round = 0; round < 10; round += 1) {
    const tasks = await names('task');
    if (tasks.length === 0) break;
    await Promise.all(tasks.map((task) => attempt(['task', 'rm', '-f', task])));
  }
  for (const container of await names('container')) await attempt(['container', 'rm', container]);
}
