import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ChartObject, PodSpec } from '../src/charts/objects.ts';
import { root } from '../src/run.ts';
import { agent, all, ofKind, plane, specsOf, withHelm } from './rendered-charts.ts';

type Template = { metadata: { labels: Record<string, string>; annotations?: Record<string, string> }; spec: object };
const templatesOf = (objects: readonly ChartObject[], kind: string) =>
  (specsOf(objects, kind) as { template: Template }[]).map(({ template }) => template);
const podsOf = (objects: readonly ChartObject[], kind: string) =>
  templatesOf(objects, kind).map(({ spec }) => spec as PodSpec);

withHelm('the Jobs that migrate', () => {
  it('are left alone by service meshes, and carry what the pods of their service carry', async () => {
    const jobs = templatesOf(await plane({ podLabels: { team: 'sre' }, manager: { podLabels: { a: 'b' } } }), 'Job');
    expect(jobs.map(({ metadata: { labels } }) => [labels['sidecar.istio.io/inject'], labels['team']])).toEqual([
      ['false', undefined],
      ['false', 'sre'],
      ['false', 'sre'],
    ]);
    expect(jobs[0]?.metadata).toMatchObject({ labels: { a: 'b' }, annotations: { 'linkerd.io/inject': 'disabled' } });
  });

  it('are told apart from the pods of their service by labels and annotations of their own', async () => {
    const hook = { podLabels: { 'sidecar.istio.io/inject': 'true' }, podAnnotations: { note: 'a' } };
    const [job] = templatesOf(await plane({ migrations: { hook } }), 'Job');
    expect(job?.metadata).toMatchObject({
      labels: { 'sidecar.istio.io/inject': 'true' },
      annotations: { note: 'a', 'linkerd.io/inject': 'disabled' },
    });
  });

  it('go where the pods of their service go', async () => {
    const place = {
      affinity: { nodeAffinity: {} },
      nodeSelector: { disk: 'fast' },
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: 'high',
    };
    for (const pod of podsOf(await plane(place), 'Job')) expect(pod).toMatchObject(place);
  });

  it('run as the account that was made for them', async () => {
    const accounts = async (values: object) =>
      podsOf(await plane(values), 'Job').map((pod) => (pod as { serviceAccountName?: string }).serviceAccountName);
    expect(new Set(await accounts({}))).toEqual(new Set(['default']));
    const hook = { serviceAccountName: 'migrates' };
    expect(new Set(await accounts({ migrations: { hook } }))).toEqual(new Set(['migrates']));
  });

  it('are let out to the database before they start, where a NetworkPolicy shuts the rest', async () => {
    const networkPolicy = { enabled: true, egressPorts: [6432] };
    const objects = await plane({ ...all, networkPolicy });
    const policies = ofKind(objects, 'NetworkPolicy').filter(({ metadata }) => metadata.name === 'aetherius-migrate');
    expect(policies[0]?.metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-upgrade',
      'helm.sh/hook-weight': '-1',
    });
    expect(JSON.stringify(policies)).toMatch(/"port":6432.*"port":5432/);
    const [{ podSelector }] = specsOf(policies, 'NetworkPolicy') as [
      { podSelector: { matchLabels: object; matchExpressions: { key: string; values: string[] }[] } },
    ];
    const jobs = templatesOf(objects, 'Job').map(({ metadata }) => metadata.labels);
    for (const labels of jobs) expect(labels).toMatchObject(podSelector.matchLabels);
    expect(podSelector.matchExpressions[0]?.values).toEqual(jobs.map((job) => job['app.kubernetes.io/component']));
  });
});

withHelm('pull secrets', () => {
  it('are those of all and of the chart, each once', async () => {
    const values = { global: { imagePullSecrets: [{ name: 'a' }, { name: 'b' }] }, imagePullSecrets: [{ name: 'b' }] };
    const pods = [
      ...['Deployment', 'StatefulSet', 'Job'].map(async (kind) => podsOf(await plane({ ...all, ...values }), kind)),
      agent(values).then((objects) => podsOf(objects, 'Deployment')),
    ];
    const found = (await Promise.all(pods)).flat();
    expect(found.length).toBe(9);
    for (const pod of found) expect(pod).toMatchObject({ imagePullSecrets: [{ name: 'a' }, { name: 'b' }] });
  });
});

withHelm('constraints of spread', () => {
  const zone = { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' };
  const spread = (objects: readonly ChartObject[], kind: string) =>
    (specsOf(objects, kind) as { selector: object; template: { spec: object } }[]).map(({ selector, template }) => ({
      selector,
      constraints: (template.spec as { topologySpreadConstraints: object[] }).topologySpreadConstraints,
    }));

  it('count the pods of their own workload, unless they name others', async () => {
    const others = { ...zone, labelSelector: { matchLabels: { team: 'sre' } } };
    const values = { topologySpreadConstraints: [zone, others] };
    const objects = await plane({ ...all, ...values });
    const found = [
      ...['Deployment', 'StatefulSet'].flatMap((kind) => spread(objects, kind)),
      ...spread(await agent(values), 'Deployment'),
    ];
    expect(found.length).toBe(6);
    for (const { selector, constraints } of found)
      expect(constraints).toEqual([{ ...zone, labelSelector: selector }, others]);
  });

  it('are of the service before they are of all, and keep replicas to different nodes where nobody names one', async () => {
    const objects = await plane({ manager: { topologySpreadConstraints: [zone] } });
    const [manager, orchestrator] = spread(objects, 'Deployment');
    expect(manager?.constraints).toEqual([{ ...zone, labelSelector: manager?.selector }]);
    expect(orchestrator?.constraints).toMatchObject([
      { topologyKey: 'kubernetes.io/hostname', labelSelector: orchestrator?.selector },
    ]);
  });
});

withHelm('a budget of disruptions', () => {
  const budget = async (values: object) => {
    const manager = { replicaCount: 3, podDisruptionBudget: { enabled: true, ...values } };
    const objects = await plane({ manager, redis: { existingSecret: 'cache' } });
    const { maxUnavailable, minAvailable } = specsOf(objects, 'PodDisruptionBudget')[0] as Record<string, unknown>;
    return { maxUnavailable, minAvailable };
  };

  it.each([
    [{}, { maxUnavailable: 1 }],
    [{ maxUnavailable: '50%' }, { maxUnavailable: '50%' }],
    [{ minAvailable: 2 }, { minAvailable: 2 }],
    [{ minAvailable: 0 }, { minAvailable: 0 }],
    [{ minAvailable: '34%' }, { minAvailable: '34%' }],
  ])('counts pods or percent, that may be away or have to stay: %j', async (values, wanted) => {
    expect(await budget(values)).toEqual({ maxUnavailable: undefined, minAvailable: undefined, ...wanted });
  });

  it('is the same for the agent', async () => {
    const objects = await agent({ replicaCount: 2, podDisruptionBudget: { enabled: true, minAvailable: '50%' } });
    expect(specsOf(objects, 'PodDisruptionBudget')).toMatchObject([{ minAvailable: '50%' }]);
  });
});

const folder = '/etc/aetherius/trust';
/** Where a pod trusts authorities from: each variable that names a file of them, and what is mounted there. */
const trusted = (pod: PodSpec) => {
  const [container] = pod.containers;
  const named = container?.env?.filter(({ name }) => name === 'NODE_EXTRA_CA_CERTS') ?? [];
  const volume = (pod.volumes as { name: string }[] | undefined)?.find(({ name }) => name === 'trust');
  const mounts = (container as { volumeMounts?: { name: string; mountPath: string }[] }).volumeMounts ?? [];
  expect(named.every(() => mounts.some(({ name, mountPath }) => name === 'trust' && mountPath === folder))).toBe(true);
  return { files: named.map(({ value }) => value), volume };
};
const at = [`${folder}/ca.crt`];
const items = (key: string) => [{ key, path: 'ca.crt' }];

withHelm('private authorities', () => {
  const secret = (secretName: string, key: string) => ({ name: 'trust', secret: { secretName, items: items(key) } });

  it('are trusted by each service and each Job, by one Secret or one ConfigMap', async () => {
    const bySecret = await plane({ trust: { caSecret: 'corp', caKey: 'bundle.pem' } });
    const byMap = await plane({ trust: { caConfigMap: 'corp' } });
    for (const kind of ['Deployment', 'Job']) {
      expect(podsOf(bySecret, kind).map(trusted)).toEqual(
        Array(3).fill({ files: at, volume: secret('corp', 'bundle.pem') }),
      );
      expect(podsOf(byMap, kind).map(trusted)).toEqual(
        Array(3).fill({ files: at, volume: { name: 'trust', configMap: { name: 'corp', items: items('ca.crt') } } }),
      );
    }
  });

  it('name the variable once beside the authority of the bus, of which agents are told', async () => {
    const nats = { url: 'tls://bus:4222', caSecret: 'bus-ca' };
    const enrolment = { publicUrl: 'https://aetherius.example.com' };
    const alone = podsOf(await plane({ nats, enrolment }), 'Deployment');
    expect(alone.map(trusted)).toEqual(Array(3).fill({ files: at, volume: secret('bus-ca', 'ca.crt') }));
    const objects = await plane({ nats, enrolment, trust: { caSecret: 'corp' } });
    const [manager, ...others] = podsOf(objects, 'Deployment');
    expect(podsOf(objects, 'Deployment').map(trusted)).toEqual(
      Array(3).fill({ files: at, volume: secret('corp', 'ca.crt') }),
    );
    expect(manager?.containers[0]?.env).toContainEqual({
      name: 'NATS_CA_FILE',
      value: '/etc/aetherius/nats-ca/ca.crt',
    });
    expect(JSON.stringify(manager?.volumes)).toContain('"secretName":"bus-ca"');
    expect(JSON.stringify(others)).not.toContain('bus-ca');
  });

  it('are trusted by the agent in the same way', async () => {
    const pods = async (values: object) => podsOf(await agent(values), 'Deployment').map(trusted);
    expect(await pods({})).toEqual([{ files: [], volume: undefined }]);
    expect(await pods({ trust: { caSecret: 'corp', caKey: 'b' } })).toEqual([
      { files: at, volume: secret('corp', 'b') },
    ]);
    expect(await pods({ caSecret: 'corp' })).toEqual([{ files: at, volume: secret('corp', 'ca.crt') }]);
  });
});

withHelm('the bundled Postgres', () => {
  it('looks first whether its volume is of another version, with its own program and the script that is tested', async () => {
    const [pod] = podsOf(await plane(all), 'StatefulSet').filter(
      ({ containers }) => containers[0]?.name === 'postgres',
    );
    const [check, server] = [pod?.initContainers?.[0], pod?.containers[0]];
    expect(check?.image).toBe(server?.image);
    const [bash, , script = '', , folder] = check?.command ?? [];
    expect([bash, folder]).toEqual(['bash', '/data']);
    expect(script).toBe(readFileSync(join(root, 'deployments/charts/aetherius/files/postgres-version.sh'), 'utf8'));
    const pgdata = { name: 'PGDATA', value: '/data/pgdata' };
    expect([check?.env, server?.env]).toEqual([[pgdata], expect.arrayContaining([pgdata])]);
  });
});
