import { readFileSync } from 'node:fs';
import { eventually } from '../../shared/src/testing/eventually.ts';
import { type ControlPlane, startControlPlane } from '../src/remote-clusters.ts';
import type { Bed } from './bed.ts';
import { type Check, gatherChecks, none } from './check.ts';
import type { Pods } from './pods.ts';
import { kubernetesService, openServices } from './service-network.ts';
import { expectedRows, foundRows, keyOf, questions, type Right, tableOf, wrongRows } from './verbs.ts';

type Commands = { helm: string; kubectl: string };
type Piloting = Pods & { plane: ControlPlane };
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

/** The agent's image in the kubelet, set up by the very commands that a manager on this machine prints. */
export async function agentInPod(pods: Pods): Promise<Check[]> {
  const plane = await startControlPlane(pods.folder, outside);
  const services = await openServices([
    kubernetesService(pods.bed),
    { ...manager, target: plane.ports.manager },
    { ...bus, target: plane.ports.bus },
  ]);
  try {
    const checks: Check[] = [];
    for (const way of ways) checks.push(...(await pasted({ ...pods, plane }, way)));
    return checks;
  } finally {
    await services.stop();
    await plane.stop();
  }
}

/** What one pasted command brings up, looked at from the manager and from inside the container. */
async function pasted(piloting: Piloting, way: Way): Promise<Check[]> {
  const { plane, bed, shell, report } = piloting;
  const { checks, check } = gatherChecks(`agent in a pod, ${way.cluster}`, report);
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
