import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { buildBinaries } from './binaries.ts';
import { cleanKernel } from './clean-kernel.ts';
import { startControlPlane } from './control-plane.ts';
import { type FakeNodes, startFakeNodes } from './fake-nodes.ts';
import { makeKeys } from './keys.ts';
import type { Kubectl } from './kubectl.ts';
import { layoutAt, makeFolders } from './layout.ts';
import { hostAddress, installPackages, missingParts, otherKubelet } from './missing-parts.ts';
import type { AddressRange, Pressure } from './node-config.ts';
import { runningIn, stopPrograms, writePid } from './processes.ts';
import { endContainers, limitAddresses, loadImages, pressNode, restNode, startRealNode } from './real-node.ts';

export { missingParts };

/** A real Kubernetes cluster on this machine. */
export type Bed = {
  kubeconfig: string;
  caFile: string;
  apiUrl: string;
  kubectl: Kubectl;
  /** The node that a real kubelet plays; pods on it really run. */
  node: string;
  fakeNodes: FakeNodes;
  /** Has the kubelet of the real node find too little of this free, from now on. */
  press(pressure: Pressure): Promise<void>;
  /** Ends that. */
  rest(): Promise<void>;
  /** Leaves the pods of the real node that start from now on no other addresses than these. */
  limitAddresses(range: AddressRange): void;
  /** Makes the registry answer 404 for an image, as if nobody had pushed it. */
  loseImage(image: string): void;
  /** Puts the images of an archive on the real node, as if it had pulled them. */
  loadImages(archive: string): Promise<void>;
  /** A token of this service account, by the TokenRequest API, good for an hour. */
  token(serviceAccount: { namespace: string; name: string }): Promise<string>;
  stop(options: { wipe: boolean }): Promise<void>;
};

type Options = { root: string; report: (line: string) => void };

const NODE = 'real-0';

/** Where the bed lives unless somebody says otherwise. */
export const BED_FOLDER = '/var/lib/aetherius-bed';

/** Brings up a new cluster below `root`; what an earlier one left there is stopped and removed first. */
export async function startBed({ root, report }: Options): Promise<Bed> {
  const missing = await missingParts();
  if (missing !== undefined) throw errors.unavailable({ part: 'the real cluster', reason: missing });
  const layout = layoutAt(root);
  const owner = runningIn(layout.owner);
  if (owner !== undefined && owner !== process.pid)
    throw errors.conflict({ reason: `process ${owner} uses the bed in ${root}`, way_out: 'wait until it has ended' });
  await stopBed(root, { wipe: true });
  const other = otherKubelet();
  if (other !== undefined)
    throw errors.conflict({
      reason: `a kubelet runs on this machine already (pid ${other})`,
      way_out: 'stop it first',
    });
  const binaries = await buildBinaries(report);
  await installPackages(report);
  try {
    return await start({ layout, binaries, report });
  } catch (error) {
    await stopBed(root, { wipe: false });
    throw error;
  }
}

type Parts = { layout: ReturnType<typeof layoutAt>; binaries: string; report: (line: string) => void };

async function start({ layout, binaries, report }: Parts): Promise<Bed> {
  const address = hostAddress() ?? '127.0.0.1';
  makeFolders(layout);
  writePid(layout.owner, process.pid);
  await makeKeys(layout.keys, { node: NODE, address });
  report('keys made');
  const plane = await startControlPlane({ layout, binaries });
  report('control plane ready');
  const fakeNodes = await startFakeNodes({ layout, binaries, plane });
  report(`${fakeNodes.names.length} fake nodes ready`);
  const realNode = { layout, binaries, plane, node: NODE, address };
  await startRealNode(realNode);
  report(`node ${NODE} ready`);
  const { apiUrl, kubeconfig, kubectl } = plane;
  return {
    apiUrl,
    kubeconfig,
    kubectl,
    caFile: join(layout.keys, 'ca.crt'),
    node: NODE,
    fakeNodes,
    press: (pressure) => pressNode(realNode, pressure),
    rest: () => restNode(realNode),
    limitAddresses: (range) => limitAddresses(layout, range),
    loadImages: (archive) => loadImages(layout, archive),
    loseImage: (image) => appendFileSync(layout.missingImages, `${image}\n`),
    token: async ({ namespace, name }) => (await kubectl.run(['-n', namespace, 'create', 'token', name])).trim(),
    stop: (options) => stopBed(layout.root, options),
  };
}

/** Stops the bed below `root`, also one that another process brought up; only programs that it started are ended. */
export async function stopBed(root: string, { wipe }: { wipe: boolean }): Promise<void> {
  if (!existsSync(root)) return;
  const layout = layoutAt(root);
  makeFolders(layout);
  await stopPrograms(layout.run.kubelet);
  await endContainers(layout);
  // In this order, because an API server that has lost its etcd takes its time to end.
  for (const part of ['fakeNodes', 'containerd', 'controllers', 'api', 'etcd'] as const) {
    await stopPrograms(layout.run[part]);
  }
  await cleanKernel(layout);
  if (wipe) rmSync(root, { recursive: true, force: true });
}
