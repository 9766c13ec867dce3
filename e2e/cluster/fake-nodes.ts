import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { type Managed, startProgram } from '../../local/src/process.ts';
import type { ControlPlane } from './control-plane.ts';
import { freePorts } from './free-ports.ts';
import { writeKubeconfig } from './keys.ts';
import type { Layout } from './layout.ts';

/** Nodes that only KWOK plays: pods on them run at once, and nothing of them is real. */
export type FakeNodes = { names: string[]; lose(node: string): Promise<void>; bringBack(node: string): Promise<void> };

type Place = { layout: Layout; binaries: string; plane: ControlPlane };
type Group = 'steady' | 'lost';

/** Two groups, each with a KWOK of its own, so that one group's heartbeats can end while the other's go on. */
const groups: Record<Group, { nodes: string[]; pods: string }> = {
  steady: { nodes: ['fake-0', 'fake-1', 'fake-2'], pods: '10.250.0.1/16' },
  lost: { nodes: ['fake-3', 'fake-4'], pods: '10.251.0.1/16' },
};
const all = Object.keys(groups) as Group[];
/** On each fake node, so that a pod lands there only when it says that it wants to. */
const taint = { key: 'aetherius.io/fake-node', effect: 'NoSchedule' };
const GROUP_LABEL = 'aetherius.io/heartbeat';

/** Starts the fake nodes and waits until all of them are ready. */
export async function startFakeNodes(place: Place): Promise<FakeNodes> {
  const { kubectl } = place.plane;
  const running = new Map<Group, Managed>();
  await kubectl.apply(all.flatMap((group) => groups[group].nodes.map((name) => fakeNode(name, group))));
  for (const group of all) running.set(group, await startKwok(place, group));
  await kubectl.run(['wait', '--for=condition=Ready', 'node', '-l', GROUP_LABEL, '--timeout=60s']);

  const groupOf = (node: string): Group => {
    const found = all.find((group) => groups[group].nodes.includes(node));
    if (found === undefined) throw errors.not_found({ node, why: 'is not a fake node' });
    return found;
  };
  return {
    names: all.flatMap((group) => groups[group].nodes),
    async lose(node) {
      const group = groupOf(node);
      await running.get(group)?.stop();
      running.delete(group);
    },
    async bringBack(node) {
      const group = groupOf(node);
      if (!running.has(group)) running.set(group, await startKwok(place, group));
      await kubectl.run(['wait', '--for=condition=Ready', `node/${node}`, '--timeout=60s']);
    },
  };
}

async function startKwok({ layout, binaries, plane }: Place, group: Group): Promise<Managed> {
  const [port = 0] = await freePorts(1);
  const args = [
    `--kubeconfig=${writeKubeconfig(layout.keys, 'kwok', plane.apiUrl)}`,
    `--manage-nodes-with-label-selector=${GROUP_LABEL}=${group}`,
    `--config=${join(binaries, 'stages.yaml')}`,
    '--node-lease-duration-seconds=8',
    `--cidr=${groups[group].pods}`,
    // Loopback: with an address of the network, asking for a fake pod's log would leave this machine.
    '--node-ip=127.0.0.1',
    `--node-port=${port}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${join(layout.keys, 'kubelet-server.crt')}`,
    `--tls-private-key-file=${join(layout.keys, 'kubelet-server.key')}`,
  ];
  const name = `kwok-${group}`;
  const program = { name, command: join(binaries, 'kwok'), args, env: { HOME: layout.root } };
  const files = { logFile: join(layout.logs, `${name}.log`), runFolder: layout.run.fakeNodes };
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  return startProgram({ ...program, ...files }, ready, 60_000);
}

function fakeNode(name: string, group: Group) {
  const room = { cpu: '8', memory: '16Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { [GROUP_LABEL]: group, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    spec: { taints: [taint] },
    status: { allocatable: room, capacity: room },
  };
}
