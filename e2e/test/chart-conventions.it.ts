import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ChartObject } from '../src/charts/objects.ts';
import { valuesIn } from '../src/charts/values-file.ts';
import { root } from '../src/run.ts';
import { agent, all, containersIn, ofKind, plane, rendered, specsOf, withHelm } from './rendered-charts.ts';

const digest = `sha256:${'1'.repeat(64)}`;

withHelm('images', () => {
  it('come from one registry where one is named, the bundled ones too', async () => {
    const images = containersIn(await plane({ ...all, global: { imageRegistry: 'registry.local:5000' } })).map(
      ({ image }) => String(image),
    );
    expect(images.length).toBe(8);
    for (const image of images) expect(image).toMatch(/^registry\.local:5000\/(aetherius|library)\//);
  });

  it('go by their digest before their tag, and by the version of the chart without either', async () => {
    const [pinned] = containersIn(ofKind(await agent({ image: { tag: 'x', digest } }), 'Deployment'));
    expect(pinned?.['image']).toBe(`ghcr.io/aetherius/collect-agent@${digest}`);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const [plain] = containersIn(ofKind(await agent(), 'Deployment'));
    expect(plain?.['image']).toBe(`ghcr.io/aetherius/collect-agent:${version}`);
  });

  it('are pulled as their own value says, else as the one for all', async () => {
    const objects = await plane({ imagePullPolicy: 'Always', manager: { image: { pullPolicy: 'Never' } } });
    const policies = containersIn(ofKind(objects, 'Deployment')).map(({ name, imagePullPolicy }) => [
      name,
      imagePullPolicy,
    ]);
    expect(Object.fromEntries(policies)).toEqual({
      'agent-manager': 'Never',
      'orchestrator-service': 'Always',
      'reasoning-service': 'Always',
    });
    await expect(plane({ manager: { image: { pullPolicy: 'Sometimes' } } })).rejects.toThrow('pullPolicy');
  });
});

const variables = (objects: readonly ChartObject[], name: string) =>
  containersIn(objects).flatMap((container) =>
    (container['env'] as { name: string; value?: string; valueFrom?: unknown }[]).filter((one) => one.name === name),
  );

withHelm('the database', () => {
  it('is named by an address in a Secret, in every service and every job', async () => {
    const found = variables(
      await plane({ database: { existingSecret: 'db', existingSecretKey: 'dsn' } }),
      'DATABASE_URL',
    );
    expect(found).toEqual(
      Array(6).fill({ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'db', key: 'dsn' } } }),
    );
  });

  it('is named by an address as a value, which becomes a Secret of the release', async () => {
    const objects = await plane({ database: { url: 'postgres://u@db/a' } });
    const [secret] = ofKind(objects, 'Secret') as (ChartObject & { stringData?: object })[];
    expect(secret).toMatchObject({
      metadata: { name: 'aetherius-database' },
      stringData: { url: 'postgres://u@db/a' },
    });
    expect(JSON.stringify(ofKind(objects, 'Deployment'))).not.toContain('postgres://');
  });

  it('is named by an address in a file, and then in no environment', async () => {
    const objects = await plane({ database: { existingSecret: 'db', existingSecretKey: 'dsn', asFile: true } });
    expect(variables(objects, 'DATABASE_URL')).toEqual([]);
    expect(variables(objects, 'DATABASE_URL_FILE')).toEqual(
      Array(6).fill({ name: 'DATABASE_URL_FILE', value: '/etc/aetherius/database-address/url' }),
    );
    for (const object of [...ofKind(objects, 'Deployment'), ...ofKind(objects, 'Job')]) {
      const pod = object.spec?.template?.spec;
      expect(pod?.volumes).toContainEqual({
        name: 'database-address',
        secret: { secretName: 'db', defaultMode: 0o440, items: [{ key: 'dsn', path: 'url' }] },
      });
      expect(pod?.containers[0]).toMatchObject({
        volumeMounts: expect.arrayContaining([
          { name: 'database-address', mountPath: '/etc/aetherius/database-address', readOnly: true },
        ]),
      });
    }
  });

  it('is brought up to date by jobs, unless they are switched off', async () => {
    expect(ofKind(await plane(), 'Job').length).toBe(3);
    expect(ofKind(await plane({ migrations: { hook: { enabled: false } } }), 'Job')).toEqual([]);
  });
});

withHelm('what else stands outside', () => {
  it('is Redis, Neo4j and a model by Secrets that are only named', async () => {
    const objects = await plane({
      redis: { existingSecret: 'cache', existingSecretKey: 'address' },
      neo4j: { uri: 'neo4j+s://graph', existingSecret: 'graph' },
      llm: { provider: 'anthropic', model: 'm', existingSecret: 'model' },
    });
    const from = (name: string, key: string) => [
      expect.objectContaining({ valueFrom: { secretKeyRef: { name, key } } }),
    ];
    expect(variables(objects, 'REDIS_URL')).toEqual(from('cache', 'address'));
    expect(variables(objects, 'NEO4J_USER')).toEqual(from('graph', 'username'));
    expect(variables(objects, 'NEO4J_PASSWORD')).toEqual(from('graph', 'password'));
    expect(JSON.stringify(ofKind(objects, 'Deployment'))).toContain('"secretName":"model"');
    expect(ofKind(objects, 'Secret')).toEqual([]);
  });
});

withHelm('doors', () => {
  it('has a route of the Gateway API to each service, with at most eight paths a rule', async () => {
    const parentRefs = [{ name: 'public', namespace: 'gateways' }];
    const [route] = specsOf(
      await plane({ ingress: { host: 'a.example.com' }, httpRoute: { enabled: true, parentRefs } }),
      'HTTPRoute',
    ) as {
      parentRefs: object;
      rules: { matches: object[]; backendRefs: { name: string; port: number }[] }[];
    }[];
    expect(route?.parentRefs).toEqual(parentRefs);
    expect(Math.max(...(route?.rules.map(({ matches }) => matches.length) ?? []))).toBeLessThanOrEqual(8);
    const backends = new Set(
      route?.rules.flatMap(({ backendRefs }) => backendRefs.map(({ name, port }) => `${name}:${port}`)),
    );
    expect([...backends].sort()).toEqual([
      'aetherius-agent-manager:8080',
      'aetherius-orchestrator-service:8081',
      'aetherius-reasoning-service:8082',
    ]);
  });

  it('speaks TLS by a Secret, at the Ingress and on the bus', async () => {
    const [ingress] = specsOf(
      await plane({ ingress: { enabled: true, host: 'a.example.com', tlsSecret: 'door' } }),
      'Ingress',
    );
    expect(ingress).toMatchObject({ tls: [{ hosts: ['a.example.com'], secretName: 'door' }] });
    const objects = await plane({ nats: { url: '', bundled: { enabled: true, tlsSecret: 'bus-tls' } } });
    expect(JSON.stringify(specsOf(objects, 'StatefulSet'))).toContain('"secretName":"bus-tls"');
    const settings = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === 'aetherius-settings');
    expect(settings?.data?.['NATS_URL']).toBe('tls://aetherius-nats.aetherius.svc:4222');
  });

  const networkPolicy = { enabled: true, egressPorts: [6432] };

  it('are shut by a NetworkPolicy for each part that runs', async () => {
    const objects = await plane({ ...all, networkPolicy: { enabled: true, egressPorts: [5433] } });
    const policies = ofKind(objects, 'NetworkPolicy');
    const running = [...ofKind(objects, 'Deployment'), ...ofKind(objects, 'StatefulSet')].map(
      ({ metadata }) => metadata.name,
    );
    expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual([...running, 'aetherius-migrate'].sort());
    for (const spec of specsOf(policies, 'NetworkPolicy'))
      expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(JSON.stringify(policies)).toContain('"port":5433');
    expect(specsOf(await agent({ networkPolicy: { enabled: true } }), 'NetworkPolicy').length).toBe(1);
  });

  it('let a service out to what the values name, and to what they bundle', async () => {
    const own = await plane({ nats: { url: 'tls://bus:4333' }, neo4j: { uri: 'neo4j+s://graph' }, networkPolicy });
    expect(JSON.stringify(specsOf(own, 'NetworkPolicy')[0])).toMatch(/"port":4333.*"port":7687/);
    const bundled = { nats: { url: '', bundled: { enabled: true } }, postgres: { bundled: { enabled: true } } };
    const policies = specsOf(await plane({ ...bundled, networkPolicy }), 'NetworkPolicy');
    expect(JSON.stringify(policies[0])).toMatch(/"port":4222.*"port":5432/);
  });
});

withHelm('the monitoring of the bundled bus', () => {
  it('is open inside its pod alone, because it asks nobody who he is', async () => {
    const objects = await plane({ nats: { url: '', bundled: { enabled: true } } });
    expect(JSON.stringify(ofKind(objects, 'ConfigMap'))).toContain('http: \\"127.0.0.1:8222\\"');
    const [nats] = containersIn(ofKind(objects, 'StatefulSet'));
    expect(nats?.['ports']).toEqual([{ name: 'client', containerPort: 4222, protocol: 'TCP' }]);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(JSON.stringify(nats?.[probe])).toContain('"http://127.0.0.1:8222/healthz');
  });
});

withHelm('the key that signs access tokens', () => {
  it('can be changed without a moment in which one replica refuses what another signed', async () => {
    const containers = containersIn(await plane()) as { name: string; env?: { name: string }[] }[];
    const accepting = containers.filter(({ env = [] }) => env.some(({ name }) => name === 'AUTH_PUBLIC_KEY_FILE'));
    expect(accepting.map(({ name }) => name).sort()).toEqual([
      'agent-manager',
      'orchestrator-service',
      'reasoning-service',
    ]);
  });
});

withHelm('the end of a pod', () => {
  it('waits until no request is sent there any more, and leaves time for what is under way', async () => {
    const pods = specsOf(await plane(), 'Deployment') as {
      template: { spec: { terminationGracePeriodSeconds: number } };
    }[];
    const wait = { exec: { command: ['node', '-e', 'setTimeout(() => {}, 5000)'] } };
    expect(containersIn(ofKind(await plane(), 'Deployment')).map(({ lifecycle }) => lifecycle)).toEqual(
      Array(3).fill({ preStop: wait }),
    );
    for (const { template } of pods) expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + 10);
    await expect(plane({ terminationGracePeriodSeconds: 10 })).rejects.toThrow('terminationGracePeriodSeconds');
  });
});

withHelm('the agent', () => {
  it('is scraped by a PodMonitor with the labels and the time that the operator wants', async () => {
    const [monitor] = ofKind(
      await agent({ podMonitor: { enabled: true, interval: '10s', labels: { release: 'prometheus' } } }),
      'PodMonitor',
    );
    expect(monitor).toMatchObject({
      metadata: { labels: { release: 'prometheus' } },
      spec: { podMetricsEndpoints: [{ port: 'http', path: '/metrics', interval: '10s' }] },
    });
  });

  it('takes an account with the annotations of a cloud, or one that is there', async () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/a' };
    expect(ofKind(await agent({ serviceAccount: { annotations } }), 'ServiceAccount')).toMatchObject([
      { metadata: { annotations } },
    ]);
    const given = await agent({ serviceAccount: { create: false, name: 'mine' } });
    expect(ofKind(given, 'ServiceAccount')).toEqual([]);
    expect(specsOf(given, 'Deployment')).toMatchObject([{ template: { spec: { serviceAccountName: 'mine' } } }]);
    for (const { subjects } of ofKind(given, 'ClusterRoleBinding') as (ChartObject & {
      subjects?: { name: string }[];
    })[])
      expect(subjects).toMatchObject([{ name: 'mine' }]);
  });

  it('takes more rules, and in namespaced mode reads of the namespaces only those it watches', async () => {
    const rule = { apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get'] };
    const [role] = ofKind(await agent({ rbac: { extraRules: [rule] } }), 'ClusterRole');
    expect(role?.rules).toContainEqual(rule);
    const roles = ofKind(await agent({ rbac: { namespaces: ['shop'], extraRules: [rule] } }), 'Role');
    const read = roles.find(({ metadata }) => metadata.name === 'aetherius-agent-read');
    expect(read?.metadata.namespace).toBe('shop');
    expect(read?.rules).toContainEqual(rule);
    expect(read?.rules).toContainEqual({ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] });
    expect(ofKind(await agent({ rbac: { create: false } }), 'ClusterRole')).toEqual([]);
  });

  it('is told the name of its cluster by one value', async () => {
    const objects = await agent({ clusterName: 'east-2' });
    const named = objects.filter((object) => JSON.stringify(object).includes('east-2'));
    expect(named.map(({ kind, data }) => [kind, data?.['CLUSTER_ID']])).toEqual([['ConfigMap', 'east-2']]);
  });
});

withHelm('objects of', () => {
  describe.each(['aetherius', 'aetherius-agent'] as const)('%s', (chart) => {
    const names = ['name', 'instance', 'version', 'component', 'part-of', 'managed-by'];

    it('carry every label of the convention, and are selected by those that stay', async () => {
      const values =
        chart === 'aetherius'
          ? {
              ...all,
              ingress: { enabled: true, host: 'a.example.com', tlsSecret: 'door' },
              serviceMonitor: { enabled: true },
            }
          : { podMonitor: { enabled: true } };
      const objects = await rendered(chart, values, { release: 'fleet' });
      for (const { metadata } of objects) {
        const labels = Object.keys(metadata.labels ?? {});
        expect(labels).toEqual(
          expect.arrayContaining([...names.map((name) => `app.kubernetes.io/${name}`), 'helm.sh/chart']),
        );
      }
      for (const spec of [...specsOf(objects, 'Deployment'), ...specsOf(objects, 'StatefulSet')] as {
        selector: { matchLabels: Record<string, string> };
        template: { metadata: { labels: Record<string, string> } };
      }[]) {
        expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
        const stays = ['name', 'instance', 'component'].map((name) => `app.kubernetes.io/${name}`);
        expect(stays).toEqual(expect.arrayContaining(Object.keys(spec.selector.matchLabels)));
      }
    });

    it('include what people add, with templates in it', async () => {
      const extraObjects = [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra-map' } },
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: "{{ .Release.Name }}-extra" } }',
      ];
      const found = ofKind(await rendered(chart, { extraObjects }, { release: 'fleet' }), 'ConfigMap').map(
        ({ metadata }) => metadata.name,
      );
      expect(found).toEqual(expect.arrayContaining(['extra-map', 'fleet-extra']));
    });
  });
});

describe('values that people expect', () => {
  const shared = `nameOverride fullnameOverride global.imageRegistry global.imagePullSecrets imagePullSecrets commonLabels
    podSecurityContext securityContext terminationGracePeriodSeconds extraObjects networkPolicy.enabled
    prometheusRule.enabled prometheusRule.labels`;
  const ofPods = `image.registry image.repository image.tag image.digest image.pullPolicy replicaCount resources nodeSelector tolerations
    affinity topologySpreadConstraints priorityClassName podAnnotations podLabels extraEnv extraEnvFrom extraVolumes extraVolumeMounts
    serviceAccount.create serviceAccount.name serviceAccount.annotations podDisruptionBudget.enabled`;
  const words = (text: string) => text.trim().split(/\s+/);
  const wanted = {
    aetherius: [
      ...words(shared),
      ...['manager', 'orchestrator', 'reasoning'].flatMap((service) =>
        [...words(ofPods), 'service.type', 'service.annotations', 'autoscaling.enabled'].map(
          (name) => `${service}.${name}`,
        ),
      ),
      ...words(
        'ingress.enabled httpRoute.enabled serviceMonitor.enabled serviceMonitor.interval serviceMonitor.labels',
      ),
      ...words('grafanaDashboards.enabled grafanaDashboards.folder grafanaDashboards.labels'),
    ],
    'aetherius-agent': [
      ...words(shared),
      ...words(ofPods),
      ...words(
        'clusterName rbac.create rbac.namespaces rbac.extraRules podMonitor.enabled podMonitor.interval podMonitor.labels',
      ),
    ],
  };

  it.each(Object.entries(wanted))('are all there: %s', (chart, names) => {
    const text = readFileSync(join(root, 'deployments/charts', chart, 'values.yaml'), 'utf8');
    const paths = valuesIn(text).map(({ path }) => path.join('.'));
    const has = (name: string) => paths.some((path) => path === name || path.startsWith(`${name}.`));
    expect(names.filter((name) => !has(name))).toEqual([]);
  });
});
