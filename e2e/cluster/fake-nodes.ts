import { join } from 'node:path';
import { freePorts } from '@aetherius/shared/service';
import { loadBaseCluster } from '@aetherius/simulator';
import type { ControlPlane } from './control-plane.ts';
import { writeKubeconfig } from './keys.ts';
import type { Layout } from './layout.ts';
import { startProgram } from './processes.ts';

/** Nodes that only KWOK plays: pods on them run at once, and nothing of them is real. */
export type FakeNodes = { names: string[]; lose(node: string): Promise<void> };

type Place = { layout: Layout; binaries: string; plane: ControlPlane };
type Node = { metadata: { name: string; labels: object }; spec: { taints?: object[] }; status: { capacity: object } };

/** Whoever carries this label gets a heartbeat. */
const HEARTBEAT = 'aetherius.io/heartbeat';
/** The taint of fake nodes that have none of their own: a pod lands there only when it says that it wants to. */
export const FAKE_NODE = { key: 'aetherius.io/fake-node', operator: 'Exists', effect: 'NoSchedule' } as const;

/** Starts the nodes of the scenarios' cluster and waits until all of them are ready. */
export async function startFakeNodes(place: Place): Promise<FakeNodes> {
  const { kubectl } = place.plane;
  const nodes = (loadBaseCluster().setup as ({ kind: string } & Node)[]).filter(({ kind }) => kind === 'Node');
  await kubectl.apply(nodes.map(played));
  await startKwok(place);
  await kubectl.run(['wait', '--for=condition=Ready', 'node', '-l', HEARTBEAT, '--timeout=60s']);
  return {
    names: nodes.map(({ metadata }) => metadata.name),
    async lose(node) {
      await kubectl.run(['label', 'node', node, `${HEARTBEAT}-`]);
    },
  };
}

async function startKwok({ layout, binaries, plane }: Place): Promise<void> {
  const [port = 0] = await freePorts(1);
  const args = [
    `--kubeconfig=${writeKubeconfig(layout.keys, 'kwok', plane.apiUrl)}`,
    `--manage-nodes-with-label-selector=${HEARTBEAT}`,
    `--config=${join(binaries, 'stages.yaml')}`,
    '--node-lease-duration-seconds=8',
    '--cidr=10.250.0.1/16',
    // Loopback: with an address of the network, asking for a fake pod's log would leave this machine.
    '--node-ip=127.0.0.1',
    `--node-port=${port}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${join(layout.keys, 'kubelet-server.crt')}`,
    `--tls-private-key-file=${join(layout.keys, 'kubelet-server.key')}`,
  ];
  await startProgram(
    {
      name: 'kwok',
      command: join(binaries, 'kwok'),
      args,
      env: { HOME: layout.root },
      logFile: join(layout.logs, 'kwok.log'),
      runFolder: layout.run.fakeNodes,
    },
    async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
  );
}

function played({ metadata, spec, status: { capacity } }: Node): object {
  const { operator: _operator, ...taint } = FAKE_NODE;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...metadata, labels: { ...metadata.labels, [HEARTBEAT]: '' } },
    spec: { taints: spec.taints ?? [taint] },
    status: { capacity, allocatable: capacity },
  };
}
