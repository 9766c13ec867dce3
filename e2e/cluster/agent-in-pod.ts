import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { withTestBacking } from '@aetherius/local';
import { eventually } from '../../shared/src/testing/eventually.ts';
import { openHelm, render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import { type ControlPlane, startControlPlane } from '../src/remote-clusters.ts';
import { root } from '../src/run.ts';
import { loadAgentImage } from './agent-image.ts';
import type { Bed } from './bed.ts';
import { buildBinaries } from './binaries.ts';
import type { Check } from './check.ts';
import { runCommand } from './command.ts';
import { openServices } from './service-network.ts';
import { expectedRows, foundRows, keyOf, questions, type Right, tableOf, wrongRows } from './verbs.ts';

type Report = (line: string) => void;
type Commands = { helm: string; kubectl: string };
type Piloting = { bed: Bed; plane: ControlPlane; shell: (command: string) => Promise<string>; report: Report };
type Way = { cluster: string; paste: keyof Commands; undo: string };

const NAMESPACE = 'aetherius-agent';
const DEPLOYMENT = 'deployment/aetherius-agent';
const BROKEN = 'piloted-shop';
const manager = { name: 'agent-manager.aetherius', address: '10.96.0.20', port: 8080 };
const bus = { name: 'bus.aetherius', address: '10.96.0.21', port: 4222 };
const outside = {
  managerUrl: `http://${manager.name}.svc:${manager.port}`,
  busUrl: `tls://${bus.name}.svc:${bus.port}`,
  busName: `${bus.name}.svc`,
};
const ways: readonly Way[] = [
  {
    cluster: 'pasted-helm',
    paste: 'helm',
    undo: `helm uninstall aetherius-agent --namespace ${NAMESPACE} --wait && kubectl delete namespace ${NAMESPACE}`,
  },
  {
    cluster: 'pasted-kubectl',
    paste: 'kubectl',
    undo: 'kubectl delete -k deployments/manifests/overlays/multi-cluster/agent --wait',
  },
];

/** The agent's image in the kubelet, set up by the very commands that the manager prints; or why that cannot be tried here. */
export async function agentInPod(bed: Bed, report: Report): Promise<{ checks: Check[]; missing?: string }> {
  const helm = await openHelm(report);
  if (helm === undefined) return { checks: [], missing: 'Helm cannot be built: Go is missing' };
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-pod-'));
  try {
    const { missing } = await loadAgentImage({ bed, folder, name: await imageOf(helm), report });
    if (missing !== undefined) return { checks: [], missing };
    const binaries = await buildBinaries(report);
    const path = [binaries, dirname(helm), process.env['PATH'] ?? ''].join(delimiter);
    const env = { PATH: path, KUBECONFIG: bed.kubeconfig, HOME: folder };
    const shell = (command: string) => runCommand('bash', ['-euc', command], { cwd: root, env });
    return { checks: await withTestBacking((backing) => onBacking({ ...backing }, { bed, folder, shell, report })) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the chart pulls when nobody says otherwise. */
async function imageOf(helm: string): Promise<string> {
  const values = { clusterName: 'a', url: outside.managerUrl, token: 'a' };
  const images = objectsIn(await render(helm, { chart: 'aetherius-agent', values })).flatMap(
    ({ spec }) => spec?.template?.spec.containers.map(({ image }) => image) ?? [],
  );
  return images[0] ?? '';
}

type Placing = Omit<Piloting, 'plane'> & { folder: string };

async function onBacking(backing: NodeJS.ProcessEnv, { folder, ...piloting }: Placing): Promise<Check[]> {
  Object.assign(process.env, backing);
  const plane = await startControlPlane(folder, outside);
  const kubernetes = { name: 'kubernetes.default', address: '10.96.0.1', port: 443 };
  const services = await openServices([
    { ...kubernetes, target: Number(new URL(piloting.bed.apiUrl).port) },
    { ...manager, target: plane.ports.manager },
    { ...bus, target: plane.ports.bus },
  ]);
  try {
    const checks: Check[] = [];
    for (const way of ways) checks.push(...(await pasted({ ...piloting, plane }, way)));
    return checks;
  } finally {
    await services.stop();
    await plane.stop();
  }
}

/** What one pasted command brings up, looked at from the manager and from inside the container. */
async function pasted(piloting: Piloting, way: Way): Promise<Check[]> {
  const { plane, bed, shell, report } = piloting;
  const checks: Check[] = [];
  const check = async (what: string, run: () => Promise<string[]>) => {
    const problems = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    report(`${way.cluster}: ${what}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
    checks.push({ name: `agent in a pod, ${way.cluster}: ${what}`, problems });
  };
  const { body } = await plane.call('POST', '/clusters', { cluster_id: way.cluster, display_name: null });
  try {
    await check('the printed command runs as it is', () => none(shell((body['commands'] as Commands)[way.paste])));
    await check('the pod becomes ready', () => none(rolledOut(bed)));
    await check('the manager sees the cluster', () => none(online(plane, way.cluster)));
    await check('what it may do, asked from inside', () => rightsInside(piloting));
    await check('a fault in the cluster is reported', () => none(reports(piloting, way.cluster)));
    await check('a new pod is let in by its service account', () => none(letInAgain(piloting)));
  } finally {
    await check('it is taken away again', () => none(shell(way.undo)));
  }
  return checks;
}

const none = async (work: Promise<unknown>): Promise<string[]> => {
  await work;
  return [];
};

async function rolledOut({ kubectl }: Bed): Promise<void> {
  const place = ['--namespace', NAMESPACE];
  await kubectl.run([...place, 'rollout', 'status', DEPLOYMENT, '--timeout=120s']).catch(async (error: unknown) => {
    const told = await kubectl.run([...place, 'describe', 'pods']);
    const log = await kubectl.run([...place, 'logs', DEPLOYMENT, '--tail=20']).catch(String);
    throw new Error(`${error}\n${told.slice(-2_000)}\n${log}`);
  });
}

const online = (plane: ControlPlane, cluster: string): Promise<void> =>
  eventually(
    async () => {
      const { body } = await plane.call('GET', '/clusters');
      const found = (body['items'] as Record<string, unknown>[]).find(({ id }) => id === cluster);
      if (found?.['agent_status'] !== 'online') throw new Error(`the manager has ${JSON.stringify(found)}`);
    },
    { within: 60_000 },
  );

type Inside = { status: number; health: { parts: Record<string, string> }; allowed: Right[] };

async function rightsInside({ bed, report }: Piloting): Promise<string[]> {
  const expected = expectedRows({ writes: false, namespaced: false });
  const script = readFileSync(new URL('ask-inside.mjs', import.meta.url), 'utf8');
  const node = ['node', '--input-type=module', '--eval', script];
  const words = ['--namespace', NAMESPACE, 'exec', '--stdin', DEPLOYMENT, '--', ...node];
  const said = JSON.parse(await bed.kubectl.run(words, JSON.stringify(questions(expected, '')))) as Inside;
  const found = foundRows(expected, new Set(said.allowed.map(keyOf)));
  report(`inside the pod: ${said.status} ${JSON.stringify(said.health.parts)}`);
  for (const line of tableOf(found)) report(`  ${line}`);
  return [...(said.status === 200 ? [] : [`not ready: ${JSON.stringify(said.health)}`]), ...wrongRows(expected, found)];
}

/** A pod that cannot get its image, in a namespace of its own. */
const broken = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: BROKEN } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cart', namespace: BROKEN },
    spec: { containers: [{ name: 'cart', image: 'registry.example.com/private/cart:1' }] },
  },
];

async function reports({ bed, plane }: Piloting, cluster: string): Promise<void> {
  await bed.kubectl.apply(broken);
  const seen = async () => {
    const { body } = await plane.call('GET', `/incidents?cluster_id=${cluster}`);
    const subjects = (body['items'] as { subject: { namespace: string } }[]).map(({ subject }) => subject.namespace);
    if (!subjects.includes(BROKEN)) throw new Error(`incidents in: ${subjects.join(', ') || 'nothing'}`);
  };
  await eventually(seen, { within: 90_000 }).finally(() =>
    bed.kubectl.run(['delete', 'namespace', BROKEN, '--wait=true']),
  );
}

const BY_ACCOUNT = 'aetherius_manager_enrolments_total{';

/** The pod's folder goes with it, so the next pod has another key, and the one-time token is used up. */
async function letInAgain({ bed, plane }: Piloting): Promise<void> {
  const count = async () => {
    const lines = await plane.metric(BY_ACCOUNT);
    const line = lines.find((one) => one.includes('outcome="service_account"')) ?? '0';
    return Number(line.split(' ').at(-1));
  };
  const before = await count();
  const place = ['--namespace', NAMESPACE];
  await bed.kubectl.run([...place, 'delete', 'pod', '--selector=app.kubernetes.io/name=aetherius-agent', '--wait']);
  await rolledOut(bed);
  await eventually(
    async () => {
      if ((await count()) !== before + 1)
        throw new Error(`let in by a service account: ${before}, then ${await count()}`);
    },
    { within: 30_000 },
  );
}
