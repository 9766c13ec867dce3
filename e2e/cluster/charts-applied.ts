import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { combinations, composed, kustomizations } from '../src/charts/combinations.ts';
import { type Installation, openHelm, render } from '../src/charts/helm.ts';
import { composition, manifests } from '../src/charts/kustomize.ts';
import { objectsIn, type PodSpec, type WorkloadSpec } from '../src/charts/objects.ts';
import { installedAgent } from './agent-installed.ts';
import type { Check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { runCommand } from './command.ts';

/** As a person's cluster would refuse or warn, and nothing stays. */
const DRY_RUN = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '--warnings-as-errors'];
const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/** Kinds of others that the charts make objects of; their definitions come with the Go modules of their makers. */
const definitions = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    folder: 'config/crd/standard',
    files: ['gateway.networking.k8s.io_httproutes.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    folder: 'example/prometheus-operator-crd',
    files: ['podmonitors', 'prometheusrules', 'servicemonitors'].map((kind) => `monitoring.coreos.com_${kind}.yaml`),
  },
];

/** Every documented installation against a real API server, and the agent really installed by Helm. */
export async function chartsApplied(cluster: Cluster, report: (line: string) => void): Promise<Check[]> {
  const helm = await openHelm(report);
  if (helm === undefined) return [{ name: 'charts', problems: ['Helm cannot be built: Go is missing'] }];
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-charts-'));
  try {
    await prepare(cluster);
    report('the API server knows the kinds of Prometheus and of the Gateway API');
    const checks = [await strictness(cluster)];
    for (const [name, installation] of Object.entries(combinations))
      checks.push(await asCheck(`chart: ${name}`, () => applied({ cluster, helm, installation })));
    for (const name of kustomizations)
      checks.push(
        await asCheck(`manifests: ${name}`, () =>
          cluster.kubectl.run(['apply', '-k', join(manifests, name), ...DRY_RUN]),
        ),
      );
    for (const [name, parts] of Object.entries(composed))
      checks.push(
        await asCheck(`manifests: ${name}`, () =>
          cluster.kubectl.run(['apply', '-k', composition(folder, parts), ...DRY_RUN]),
        ),
      );
    report(`${checks.length - 1} installations tried on the API server`);
    return [...checks, ...(await installedAgent({ cluster, helm, folder, report }))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function asCheck(name: string, run: () => Promise<unknown>): Promise<Check> {
  return run().then(
    () => ({ name, problems: [] }),
    (error: unknown) => ({ name, problems: [error instanceof Error ? error.message : String(error)] }),
  );
}

async function prepare({ kubectl }: Cluster): Promise<void> {
  const files = (await Promise.all(definitions.map(filesOf))).flat();
  const given = files.flatMap((file) => ['-f', file]);
  await kubectl.run(['apply', '--server-side', ...given]);
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...given]);
  const namespaces = [
    'aetherius',
    'aetherius-agent',
    'charted',
    'charted-shop',
    'team-a',
    'team-b',
    'shop',
    'watched',
  ].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: RESTRICTED },
  }));
  await kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], asList(namespaces));
}

async function filesOf({ module, folder, files }: (typeof definitions)[number]): Promise<string[]> {
  const { Dir } = JSON.parse(await runCommand('go', ['mod', 'download', '-json', module])) as { Dir: string };
  return files.map((file) => join(Dir, folder, file));
}

type Trying = { cluster: Cluster; helm: string; installation: Installation };

/** The objects, and then a pod of each workload: a workload is only warned of, a pod is refused. */
async function applied({ cluster, helm, installation }: Trying): Promise<void> {
  const namespace = installation.namespace ?? installation.chart;
  const yaml = await render(helm, installation);
  await cluster.kubectl.run(['apply', '-f', '-', ...DRY_RUN], yaml);
  const pods = objectsIn(yaml).flatMap(({ metadata, spec }) =>
    spec?.template === undefined ? [] : podOf(metadata.name, namespace, withClaims(spec.template.spec, spec)),
  );
  await cluster.kubectl.run(['apply', '-f', '-', ...DRY_RUN], asList(pods));
}

/** A StatefulSet gives its pods the volumes of its claims. */
const withClaims = (pod: PodSpec, { volumeClaimTemplates = [] }: WorkloadSpec): PodSpec => ({
  ...pod,
  volumes: [
    ...(pod.volumes ?? []),
    ...volumeClaimTemplates.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } })),
  ],
});

/** The account of the release is not there in a dry run. */
const podOf = (name: string, namespace: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { ...spec, serviceAccountName: 'default', restartPolicy: 'Never' },
});

/** Whether the server is as strict as the other checks take it to be. */
async function strictness({ kubectl }: Cluster): Promise<Check> {
  const container = { name: 'c', image: 'registry.local/c:1' };
  const tries: [string, object][] = [
    ['a pod that may be root', { ...podOf('root', 'aetherius', { containers: [container] }) }],
    [
      'a misspelt field',
      podOf('misspelt', 'charted-shop', { containers: [{ ...container, imagePulPolicy: 'Always' }] }),
    ],
  ];
  const taken: string[] = [];
  for (const [what, object] of tries)
    await kubectl.run(['apply', '-f', '-', ...DRY_RUN], asList([object])).then(
      () => taken.push(`takes ${what}`),
      () => undefined,
    );
  return { name: 'the API server refuses what it should', problems: taken };
}

const asList = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
