import { readFileSync } from 'node:fs';
import type { Json } from '@aetherius/shared/contracts';
import { createKubeClient, type KubeClient } from '../../collect-agent/src/kube/client.ts';
import { install } from '../src/charts/helm.ts';
import { kubeconfigFor } from './agent-access.ts';
import type { Check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { changeKinds, expectedRows, foundRows, keyOf, questions, type Right, tableOf, wrongRows } from './verbs.ts';

const AGENT = { namespace: 'charted', name: 'charted-aetherius-agent' };
const SHOP = 'charted-shop';
const ASKED_AT_ONCE = 32;

type Way = { name: string; values: object; writes: boolean; namespaced: boolean; kinds?: readonly string[] };
const ways: readonly Way[] = [
  { name: 'reading', values: {}, writes: false, namespaced: false },
  { name: 'may repair', values: { allowChanges: true }, writes: true, namespaced: false },
  {
    name: 'may repair every kind',
    values: { allowChanges: true, changeKinds },
    writes: true,
    namespaced: false,
    kinds: changeKinds,
  },
  {
    name: 'namespaced, may repair',
    values: { allowChanges: true, rbac: { namespaces: [SHOP] } },
    writes: true,
    namespaced: true,
  },
];

type Installing = { cluster: Cluster; helm: string; folder: string; report: (line: string) => void };
type Agent = Installing & { kubeconfig: string; client: KubeClient };

/** The agent chart installed by Helm in each way that differs in rights, and what its account can and cannot do then. */
export async function installedAgent(installing: Installing): Promise<Check[]> {
  const { cluster } = installing;
  await cluster.kubectl.apply(victims);
  const checks: Check[] = [];
  for (const way of ways) checks.push(await installedIn(installing, way));
  return checks;
}

async function installedIn(installing: Installing, way: Way): Promise<Check> {
  const { cluster, helm, folder, report } = installing;
  const { kubeconfig: admin } = cluster;
  // No replica: what is proven here are the rights, and the image need not be there for it.
  const values = {
    clusterName: 'charted',
    url: 'tls://bus.example.com:4222',
    token: 'none',
    replicaCount: 0,
    ...way.values,
  };
  await install(helm, { chart: 'aetherius-agent', release: 'charted', namespace: 'charted', values }, admin);
  const token = await cluster.token(AGENT);
  const kubeconfig = kubeconfigFor(cluster, folder, token);
  const client = createKubeClient({
    server: cluster.apiUrl,
    ca: readFileSync(cluster.caFile, 'utf8'),
    token: () => token,
  });
  const agent = { ...installing, kubeconfig, client };
  const expected = expectedRows(way);
  const found = foundRows(expected, await allowedOf(client, questions(expected, way.namespaced ? SHOP : '')));
  report(`rights of the agent, ${way.name}:`);
  for (const line of tableOf(found)) report(`  ${line}`);
  const outside = way.namespaced ? await allowedOf(client, questions(expected, 'default')) : new Set<string>();
  const problems = [
    ...wrongRows(expected, found),
    ...[...outside].map((right) => `${right} is allowed outside of its namespaces`),
    ...(await attempted(agent, way)),
  ];
  client.stop();
  return { name: `the agent chart installed: ${way.name}`, problems };
}

async function allowedOf(client: KubeClient, asked: readonly Right[]): Promise<Set<string>> {
  const allowed = new Set<string>();
  for (let at = 0; at < asked.length; at += ASKED_AT_ONCE)
    await Promise.all(
      asked.slice(at, at + ASKED_AT_ONCE).map(async (right) => {
        if (await isAllowed(client, right)) allowed.add(keyOf(right));
      }),
    );
  return allowed;
}

async function isAllowed(client: KubeClient, { group, resource: named, verb, namespace }: Right): Promise<boolean> {
  const [resource = '', subresource = ''] = named.split('/');
  const review: Json = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group, resource, subresource, verb, namespace } },
  };
  const answer = await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
  return (answer as { status?: { allowed?: boolean } }).status?.allowed === true;
}

/** What the account asks about may differ from what it does: a few of each are really tried. */
async function attempted({ cluster, kubeconfig }: Agent, { writes, namespaced }: Way): Promise<string[]> {
  const lease = (name: string) =>
    JSON.stringify({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: AGENT.namespace },
    });
  const tries: [may: boolean, words: string[], input?: string][] = [
    [true, ['-n', SHOP, 'get', 'deployment', 'proof']],
    [false, ['-n', SHOP, 'get', 'secret', 'proof']],
    [false, ['-n', SHOP, 'get', 'configmap', 'proof']],
    [!namespaced, ['-n', 'kube-system', 'get', 'pods']],
    [!namespaced, ['get', 'nodes']],
    [true, ['get', 'namespace', SHOP]],
    [!namespaced, ['get', 'namespace', 'default']],
    [writes, ['-n', SHOP, 'patch', 'deployment', 'proof', '-p', '{"metadata":{"annotations":{"tried":"yes"}}}']],
    [false, ['-n', SHOP, 'delete', 'deployment', 'proof']],
    [false, ['-n', SHOP, 'scale', 'deployment', 'proof', '--replicas=1']],
    [false, ['create', 'namespace', 'charted-more']],
    [true, ['create', '--dry-run=server', '-f', '-'], lease('aetherius-collect-agent')],
    [false, ['-n', AGENT.namespace, 'get', 'lease', 'somebody-else']],
  ];
  const problems: string[] = [];
  for (const [may, words, input] of tries) {
    const refusal = await cluster.kubectl.run(['--kubeconfig', kubeconfig, ...words], input).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    const did = words.join(' ').slice(0, 60);
    if (may && refusal !== undefined) problems.push(`cannot ${did}: ${refusal}`);
    if (!may && !/forbidden/i.test(refusal ?? '')) problems.push(`${did} ended with ${refusal ?? 'success'}`);
  }
  return problems;
}

const place = { name: 'proof', namespace: SHOP };
const ofPod = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const ofContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
/** What the account is let loose on. */
const victims: readonly object[] = [
  { apiVersion: 'v1', kind: 'Secret', metadata: place, stringData: { word: 'hidden' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: place, data: { word: 'plain' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: place,
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'proof' } },
      template: {
        metadata: { labels: { app: 'proof' } },
        spec: {
          securityContext: ofPod,
          containers: [{ name: 'proof', image: 'registry.local/proof:1', securityContext: ofContainer }],
        },
      },
    },
  },
];
