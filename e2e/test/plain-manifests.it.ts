import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describeUnless } from '@aetherius/shared/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runCommand, succeeds } from '../cluster/command.ts';
import { composed, kustomizations } from '../src/charts/combinations.ts';
import { environmentOf } from '../src/charts/container-environment.ts';
import { composition, manifests } from '../src/charts/kustomize.ts';
import { type ChartObject, type Container, looseEnds, objectsIn } from '../src/charts/objects.ts';
import { root } from '../src/run.ts';
import { ofKind, plane } from './rendered-charts.ts';

const withKubectl = describeUnless(
  (await succeeds('kubectl', ['version', '--client'])) ? undefined : 'no kubectl on this machine',
);
const page = readFileSync(join(root, 'docs/deploy-kubernetes.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'aetherius-manifests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const built = async (place: string) => objectsIn(await runCommand('kubectl', ['kustomize', place]));
const composedOf = (name: string) => built(composition(folder, composed[name] ?? { folder: name, components: [] }));
const named = ({ kind, metadata }: ChartObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const podsOf = (objects: readonly ChartObject[]) => objects.flatMap(({ spec }) => spec?.template?.spec ?? []);
const everyPodOf = (objects: readonly ChartObject[]) =>
  objects.flatMap(({ spec }) => (spec?.template ?? spec?.jobTemplate?.spec.template)?.spec ?? []);
const told = (container: Container | undefined, objects: readonly ChartObject[], namespace = 'aetherius') =>
  container === undefined
    ? {}
    : environmentOf(container, objects, (name) => (name === 'NAMESPACE' ? namespace : 'given'));
const kindsIn = (objects: readonly ChartObject[]) => {
  const kinds = objects.map(({ kind }) => kind);
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]));
};

withKubectl('every folder that people apply', () => {
  const tries = [
    ...kustomizations.map((name) => [name, () => built(join(manifests, name))] as const),
    ...Object.keys(composed).map((name) => [name, () => composedOf(name)] as const),
  ];
  it.each(tries)(
    '%s',
    async (_name, make) => {
      const objects = await make();
      expect(objects.length).toBeGreaterThan(1);
      expect(new Set(objects.map(named)).size).toBe(objects.length);
      expect(podsOf(objects).flatMap(looseEnds)).toEqual([]);
      expect(JSON.stringify(objects)).not.toContain('helm.sh/');
    },
    60_000,
  );
});

withKubectl('components', () => {
  it('bring the control plane what the chart can, each by its kinds', async () => {
    const objects = await composedOf('control plane with every component');
    expect(kindsIn(objects)).toMatchObject({
      Job: 3,
      CronJob: 2,
      NetworkPolicy: 7,
      PodDisruptionBudget: 3,
      HorizontalPodAutoscaler: 3,
      Ingress: 1,
      HTTPRoute: 1,
      ServiceMonitor: 1,
      PrometheusRule: 1,
    });
    const settings = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === 'aetherius-settings');
    expect(settings?.data).toMatchObject({ MIGRATIONS: 'expected' });
  });

  it('have the very dashboards of the chart', async () => {
    const maps = async (objects: Promise<ChartObject[]>) =>
      Object.fromEntries(
        ofKind(await objects, 'ConfigMap')
          .filter(({ metadata }) => metadata.name.includes('-dashboard-'))
          .map(({ metadata, data }) => [metadata.name, { data, labels: metadata.labels?.['grafana_dashboard'] }]),
      );
    const charted = await maps(plane({ grafanaDashboards: { enabled: true } }));
    expect(Object.keys(charted).length).toBeGreaterThan(5);
    expect(await maps(composedOf('control plane with every component'))).toEqual(charted);
  });

  it('make every pod of ours trust private authorities, the Jobs too', async () => {
    const ours = (await Promise.all(Object.keys(composed).map(composedOf)))
      .flat()
      .filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
    expect(ours.length).toBe(10);
    for (const { containers, volumes } of podsOf(ours)) {
      expect(containers[0]).toMatchObject({
        env: expect.arrayContaining([{ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/aetherius/trust/ca.crt' }]),
        volumeMounts: expect.arrayContaining([{ name: 'trust', mountPath: '/etc/aetherius/trust', readOnly: true }]),
      });
      expect(volumes).toContainEqual({ name: 'trust', secret: { secretName: 'aetherius-authorities' } });
    }
  });
});

withKubectl('components for what is outside', () => {
  it('let every pod pull with the Secret of a registry', async () => {
    const names = Object.keys(composed).filter((name) => composed[name]?.components.includes('pull-secret'));
    const objects = (await Promise.all(names.map(composedOf))).flat();
    const pods = everyPodOf(objects);
    expect(pods.length).toBe(11);
    for (const pod of pods) expect(pod).toMatchObject({ imagePullSecrets: [{ name: 'pull' }] });
  });

  it('leave OpenShift to name every id', async () => {
    const names = Object.keys(composed).filter((name) => composed[name]?.components.includes('openshift'));
    const pods = everyPodOf((await Promise.all(names.map(composedOf))).flat());
    expect(pods.length).toBe(11);
    expect(JSON.stringify(pods)).not.toMatch(/"(runAsUser|runAsGroup|fsGroup)":/);
    expect(pods.flatMap(looseEnds)).toEqual([]);
  });

  it('open the bus with TLS alone, to the services too', async () => {
    const objects = await composedOf('control plane of many clusters, with its own bus');
    for (const { containers } of podsOf(ofKind(objects, 'Deployment')))
      expect(told(containers[0], objects)['NATS_URL']).toBe('tls://aetherius-nats.aetherius.svc:4222');
    const bus = objects.filter(({ metadata }) => metadata.name === 'aetherius-nats');
    expect(ofKind(bus, 'Service').map(({ spec }) => spec)).toMatchObject([{ type: 'LoadBalancer' }]);
    expect(ofKind(bus, 'ConfigMap')[0]?.data?.['nats.conf']).toContain('cert_file: "/etc/nats/tls/tls.crt"');
    expect(JSON.stringify(podsOf(ofKind(bus, 'StatefulSet')))).toContain('"secretName":"aetherius-nats-tls"');
    const variables = podsOf(ofKind(objects, 'Deployment')).flatMap(({ containers }) => containers[0]?.env ?? []);
    expect(variables).toContainEqual({ name: 'NATS_PUBLIC_URL', value: 'tls://bus.example.com:4222' });
    expect(variables.filter(({ name }) => name === 'PUBLIC_URL')).toHaveLength(1);
  });

  it('bring the agent what its chart can', async () => {
    const objects = await composedOf('agent with every component');
    expect(kindsIn(objects)).toMatchObject({
      NetworkPolicy: 1,
      PodDisruptionBudget: 1,
      PodMonitor: 1,
      PrometheusRule: 1,
    });
  });
});

withKubectl('the authority of a private bus', () => {
  it('is handed to agents, from the Secret that is trusted', async () => {
    const objects = await composedOf('control plane with every component');
    const [manager] = podsOf(objects.filter(({ metadata: { name } }) => name === 'aetherius-agent-manager'));
    expect(manager?.containers[0]).toMatchObject({
      env: expect.arrayContaining([{ name: 'NATS_CA_FILE', value: '/etc/aetherius/nats-ca/ca.crt' }]),
      volumeMounts: expect.arrayContaining([{ name: 'nats-ca', mountPath: '/etc/aetherius/nats-ca', readOnly: true }]),
    });
    const items = [{ key: 'ca.crt', path: 'ca.crt' }];
    expect(manager?.volumes).toContainEqual({
      name: 'nats-ca',
      secret: { secretName: 'aetherius-authorities', items },
    });
    expect(JSON.stringify(objects).match(/"NATS_CA_FILE"/g)).toHaveLength(1);
  });
});

withKubectl('namespaced mode', () => {
  it('gives the agent no right on the cluster, and one role in each namespace that it watches', async () => {
    const objects = await built(join(manifests, 'overlays/namespaced'));
    expect(objects.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
    expect(ofKind(objects, 'Role').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'aetherius-agent/aetherius-agent-lease',
      'shop/aetherius-agent-read',
    ]);
    const bindings = ofKind(objects, 'RoleBinding') as (ChartObject & { subjects?: { namespace: string }[] })[];
    expect(bindings.flatMap(({ subjects }) => subjects?.map(({ namespace }) => namespace))).toEqual(
      Array(2).fill('aetherius-agent'),
    );
    const settings = ofKind(objects, 'ConfigMap').find(({ data }) => data?.['WATCH_NAMESPACES'] !== undefined);
    expect(settings?.data?.['WATCH_NAMESPACES']).toBe('shop');
  });
});

withKubectl('another namespace', () => {
  const moved = (parts: { folder: string; components: readonly string[] }) =>
    built(composition(folder, { ...parts, namespace: 'platform' }));
  const whole = { components: [] };
  const tries: [string, { folder: string; components: readonly string[] }][] = [
    ['a bus inside', { folder: 'base', components: ['nats', 'postgres'] }],
    ['an agent', { folder: 'overlays/multi-cluster/agent', ...whole }],
    ['many clusters', { folder: 'overlays/multi-cluster/control-plane', ...whole }],
    ...Object.entries(composed),
  ];

  it.each(tries)('leaves no word of the former one: %s', async (_what, parts) => {
    const text = JSON.stringify(await moved(parts));
    expect(text.match(/"namespace":"(aetherius|aetherius-agent)"/g)).toBeNull();
    expect(text).not.toContain('aetherius.svc');
    expect(text).toContain('"kind":"Namespace","metadata":{"labels":');
  });

  it('is where the services meet, what they tell agents, and what they protect', async () => {
    const objects = await moved({ folder: 'base', components: ['nats'] });
    const [manager, orchestrator, reasoning] = podsOf(ofKind(objects, 'Deployment')).map(({ containers }) =>
      told(containers[0], objects, 'platform'),
    );
    expect(manager?.['PUBLIC_URL']).toBe('http://aetherius-agent-manager.platform.svc:8080');
    expect(orchestrator?.['PROTECTED_NAMESPACES']).toBe('platform');
    for (const environment of [manager, orchestrator, reasoning])
      expect(environment?.['NATS_URL']).toBe('nats://aetherius-nats.platform.svc:4222');
  });
});

withKubectl('the overlays that the documentation shows', () => {
  const shown = page.split(/\n(?! {4}|\n)/).filter((block) => /^ {4}resources: \[deployments\/manifests/m.test(block));
  const places = shown.map((block, number) => {
    const place = join(folder, `shown-${number}`);
    mkdirSync(place);
    const text = block
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.slice(4).replaceAll('deployments/manifests', relative(place, manifests)))
      .join('\n');
    writeFileSync(join(place, 'kustomization.yaml'), text);
    return place;
  });

  it('are built as they stand there, and then no address of an example is left', async () => {
    expect(places.length).toBe(3);
    for (const place of places) {
      const text = await runCommand('kubectl', ['kustomize', place]);
      expect(text).toContain('kind: Deployment');
      expect(text).not.toContain('example.com');
    }
  });
});

describe('folders of the plain manifests', () => {
  const components = readdirSync(join(manifests, 'components'));

  it('are all tried here', () => {
    const tried = new Set(Object.values(composed).flatMap((parts) => parts.components));
    expect([...tried].sort()).toEqual([...components].sort());
  });

  it('are all told of', () => {
    const folders = [...components.map((name) => `components/${name}`), ...kustomizations];
    expect(folders.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
