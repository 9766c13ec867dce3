import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ManagerConfig } from '../../agent-manager/src/config.ts';
import { retentionVariables as managerRetention } from '../../agent-manager/src/retention.ts';
import { AgentConfig } from '../../collect-agent/src/config.ts';
import { OrchestratorConfig } from '../../orchestrator-service/src/config.ts';
import { retentionVariables as orchestratorRetention } from '../../orchestrator-service/src/retention.ts';
import { ReasoningConfig } from '../../reasoning-service/src/config.ts';
import { retentionVariables as reasoningRetention } from '../../reasoning-service/src/retention.ts';
import { combinations } from '../src/charts/combinations.ts';
import { environmentOf } from '../src/charts/container-environment.ts';
import { agreeing } from '../src/charts/contradicting-values.ts';
import { builtHelm, type Installation, lint, render } from '../src/charts/helm.ts';
import { type ChartObject, looseEnds, objectsIn } from '../src/charts/objects.ts';
import { refused } from '../src/charts/refused-values.ts';
import { withinRestricted } from '../src/charts/unrestricted-values.ts';
import { workable } from '../src/charts/unworkable-values.ts';
import { valuesIn } from '../src/charts/values-file.ts';
import { root } from '../src/run.ts';
import { ofKind, withHelm } from './rendered-charts.ts';

const helm = builtHelm();

const charts = join(root, 'deployments/charts');
const rendered = new Map<Installation, Promise<ChartObject[]>>();
/** Rendered once, however many tests look at it: Helm takes a third of a second. */
function objectsOf(installation: Installation): Promise<ChartObject[]> {
  const known = rendered.get(installation) ?? render(helm ?? '', installation).then(objectsIn);
  rendered.set(installation, known);
  return known;
}
const named = (name: string): Installation => combinations[name] ?? { chart: 'aetherius' };
const podsOf = (objects: readonly ChartObject[]) =>
  objects.flatMap(({ spec }) => (spec?.template ?? spec?.jobTemplate?.spec.template)?.spec ?? []);
const nameOf = ({ kind, metadata }: ChartObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const isOurs = ({ metadata }: ChartObject) => !/extra/.test(metadata.name);

withHelm('every documented installation', () => {
  it.each(Object.entries(combinations))(
    '%s',
    async (_name, installation) => {
      const objects = await objectsOf(installation);
      expect(objects.length).toBeGreaterThan(5);
      expect(new Set(objects.map(nameOf)).size).toBe(objects.length);
      expect(podsOf(objects).flatMap(looseEnds)).toEqual([]);
      for (const { metadata } of objects.filter(isOurs))
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/part-of': 'aetherius',
          'app.kubernetes.io/managed-by': 'Helm',
          'app.kubernetes.io/instance': installation.release ?? installation.chart,
        });
    },
    60_000,
  );
});

const schemas = {
  'agent-manager': ManagerConfig,
  'orchestrator-service': OrchestratorConfig,
  'reasoning-service': ReasoningConfig,
  'collect-agent': AgentConfig,
};
/** What Node or the OpenTelemetry SDK reads itself. */
const foreign = ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'];
/** What other variables of the same container refer to. */
const referred = ['NAMESPACE'];
/** One object of settings is for all three services, so each is told of what only another keeps. */
const kept = Object.assign({}, managerRetention, orchestratorRetention, reasoningRetention) as Record<
  string,
  z.ZodType
>;
/** Stands for what is in a Secret that the chart only names. */
const secrets: Record<string, string> = {
  DATABASE_URL: 'postgres://u:p@db/aetherius',
  REDIS_URL: 'redis://r',
  NOTIFY_WEBHOOK_URL: 'https://hook.example.com',
  NOTIFY_WEBHOOK_SECRET: 'sixteen characters',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
};

/** Stands for what only some installations take from a Secret. */
const enrolment: Record<string, string> = { ENROL_URL: 'https://aetherius.example.com' };

const given = (name: string): string => secrets[name] ?? enrolment[name] ?? 'given';

withHelm('what the services are told', () => {
  it.each(Object.entries(combinations))(
    '%s: is what their own settings know, and enough',
    async (_name, installation) => {
      const objects = await objectsOf(installation);
      const told = podsOf(ofKind(objects, 'Deployment')).flatMap(({ containers }) => containers);
      expect(told.length).toBe(installation.chart === 'aetherius' ? 3 : 1);
      for (const container of told) {
        const schema = schemas[container.name as keyof typeof schemas];
        const environment = environmentOf(container, objects, given);
        const unknown = Object.keys(environment).filter(
          (name) => !(name in schema.shape) && !(name in kept) && ![...foreign, ...referred].includes(name),
        );
        // Read by the kit before the settings of a service are.
        expect(unknown.filter((name) => name !== 'LOG_LEVEL')).toEqual([]);
        expect(schema.safeParse({ ...secrets, ...environment }).error?.issues ?? []).toEqual([]);
      }
    },
    60_000,
  );

  it('names a migrate program that each service has', async () => {
    const jobs = ofKind(await objectsOf(named('control plane, least values')), 'Job');
    const programs = podsOf(jobs).flatMap(({ containers }) => containers[0]?.command?.[1] ?? []);
    expect(programs.length).toBe(3);
    for (const program of programs)
      expect(readFileSync(join(root, program.replace('/dist/', '/src/').replace('.js', '.ts')), 'utf8')).toContain(
        'migrateCommand',
      );
  });
});

withHelm('what operators set', () => {
  it('tells the services how long what is kept, and by default what their own settings say', async () => {
    const settings = ofKind(await objectsOf(named('control plane, least values')), 'ConfigMap').find(({ metadata }) =>
      metadata.name.endsWith('-settings'),
    );
    const told = Object.entries(settings?.data ?? {}).filter(([name]) => name.startsWith('RETENTION_'));
    const shipped = Object.entries(kept).map(([name, days]) => [name, String(days.parse(undefined))]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(shipped));
    const values = valuesIn(readFileSync(join(charts, 'aetherius/values.yaml'), 'utf8'));
    for (const { path, schema } of values.filter(({ path: [first] }) => first === 'retention')) {
      const name = `RETENTION_${path[1]?.replace(/[A-Z]/g, '_$&').toUpperCase()}_DAYS`;
      const least = Number(schema['minimum']);
      expect([name, kept[name]?.safeParse(least).success, kept[name]?.safeParse(least - 1).success]).toEqual([
        name,
        true,
        false,
      ]);
    }
  });

  it('gives the passwords of the database to the services and to the jobs that migrate', async () => {
    const objects = await objectsOf(named('control plane, all outside parts'));
    const pods = podsOf([...ofKind(objects, 'Deployment'), ...ofKind(objects, 'Job')]);
    expect(pods.length).toBe(6);
    for (const { containers, volumes } of pods) {
      expect(containers[0]?.env).toContainEqual({
        name: 'DATABASE_PASSWORD_FILE',
        value: '/etc/aetherius/database/password',
      });
      expect(JSON.stringify(volumes)).toContain('"secretName":"database-passwords"');
      expect(JSON.stringify(volumes)).toContain('"secretName":"database-ca"');
    }
    const keys = pods.map(({ volumes }) => /"key":"([^"]+)","path":"password"/.exec(JSON.stringify(volumes))?.[1]);
    expect(keys).toEqual([0, 1].flatMap(() => ['agent-manager', 'password', 'password']));
  });
});

withHelm('what pods and jobs are given', () => {
  it('is for each service its own address of the database where there is one, in its job too', async () => {
    const objects = await objectsOf(named('control plane, all outside parts'));
    const keys = podsOf([...ofKind(objects, 'Deployment'), ...ofKind(objects, 'Job')]).map(({ containers }) =>
      JSON.stringify(containers[0]?.env?.find(({ name }) => name === 'DATABASE_URL')),
    );
    expect(keys.map((text) => /"key":"([^"]+)"/.exec(text)?.[1])).toEqual(
      [0, 1].flatMap(() => ['agent-manager-url', 'url', 'url']),
    );
  });

  it('is the word to wait for a job that migrates where one does', async () => {
    const told = async (name: string) =>
      ofKind(await objectsOf(named(name)), 'ConfigMap').find(({ metadata }) => metadata.name.endsWith('-settings'))
        ?.data?.['MIGRATIONS'];
    expect(await told('control plane, least values')).toBe('expected');
    expect(await told('control plane, trial')).toBeUndefined();
  });

  it('is for the job what its database needs', async () => {
    const jobs = ofKind(await objectsOf(named('control plane, all outside parts')), 'Job');
    for (const { containers, volumes } of podsOf(jobs)) {
      expect(containers[0]?.env).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' });
      expect(JSON.stringify([containers[0], volumes])).toMatch(/"mountPath":"\/more","name":"more".*"emptyDir"/);
    }
  });

  it('is a way out for the agent to every address among its values, and to the names of OpenShift', async () => {
    const url = 'http://aetherius-agent-manager.aetherius.svc:8080';
    const installation: Installation = {
      chart: 'aetherius-agent',
      values: {
        clusterName: 'a',
        url,
        token: 't',
        prometheusUrl: 'http://prometheus.monitoring.svc:9090',
        networkPolicy: { enabled: true },
      },
    };
    const [policy] = ofKind(await objectsOf(installation), 'NetworkPolicy');
    const ports = [...JSON.stringify(policy).matchAll(/"port":(\d+),"protocol":"TCP"/g)].map(([, port]) =>
      Number(port),
    );
    expect(ports).toEqual([53, 5353, 443, 4222, 6443, 8080, 9090]);
  });
});

withHelm('rights of the agent', () => {
  const rulesOf = async (name: string) => {
    const objects = await objectsOf(named(name));
    return [...ofKind(objects, 'ClusterRole'), ...ofKind(objects, 'Role')].flatMap(({ metadata, rules }) =>
      (rules ?? []).map((rule) => ({ role: metadata.name, ...rule })),
    );
  };

  it('only reads by default, and never Secrets or ConfigMaps', async () => {
    const rules = await rulesOf('agent, least values');
    const beyond = rules.filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)));
    expect(beyond.map(({ role }) => role)).toEqual(['aetherius-agent-lease', 'aetherius-agent-lease']);
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('configmaps');
    expect(JSON.stringify(rules)).not.toContain('*');
  });

  it('writes by a role of its own', async () => {
    const rules = await rulesOf('agent, may repair');
    const writing = rules.filter(({ role }) => role === 'aetherius-agent-write');
    expect(writing.map(({ resources, verbs }) => [resources.join(), verbs.join()])).toEqual([
      ['daemonsets,deployments,replicasets,statefulsets', 'patch'],
      ['pods', 'delete'],
      ['nodes', 'patch'],
    ]);
  });

  it('writes to no more than the kinds that were named', async () => {
    const rules = await rulesOf('agent, may repair services alone');
    const writing = rules.filter(({ role }) => role === 'aetherius-agent-write');
    expect(writing.map(({ resources, verbs }) => [resources.join(), verbs.join()])).toEqual([
      ['services', 'patch'],
      ['ingresses', 'patch'],
    ]);
  });

  it('has no right on the cluster in namespaced mode', async () => {
    const objects = await objectsOf(named('agent, namespaced'));
    expect(objects.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
    expect(new Set(ofKind(objects, 'Role').map(({ metadata }) => metadata.namespace))).toEqual(
      new Set(['team-a', 'team-b', 'aetherius-agent']),
    );
    const resources = ofKind(objects, 'Role').flatMap(({ rules }) => rules?.flatMap((rule) => rule.resources) ?? []);
    expect(resources).not.toContain('nodes');
  });
});

withHelm('the charts', () => {
  it('please helm lint', async () => {
    await lint(helm ?? '', named('control plane, least values'));
    await lint(helm ?? '', named('agent, least values'));
  });

  it('name no id where OpenShift gives them', async () => {
    const pods = podsOf(await objectsOf(named('control plane, OpenShift')));
    expect(JSON.stringify(pods)).not.toMatch(/runAsUser|runAsGroup|fsGroup"/);
    expect(JSON.stringify(podsOf(await objectsOf(named('control plane, least values'))))).toContain('"fsGroup":65532');
  });

  it('migrate before the first install only in a database that is there already', async () => {
    const hooks = async (name: string) =>
      new Set(
        ofKind(await objectsOf(named(name)), 'Job').map(({ metadata }) => metadata.annotations?.['helm.sh/hook']),
      );
    expect(await hooks('control plane, least values')).toEqual(new Set(['pre-install,pre-upgrade']));
    expect(await hooks('control plane, trial')).toEqual(new Set(['pre-upgrade']));
  });

  it('keep Argo CD, to which every hook is one of the first install, from waiting for what is not there yet', async () => {
    const told = async (name: string) =>
      (await objectsOf(named(name)))
        .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined)
        .map(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/hook']);
    expect(await told('control plane, trial')).toEqual(Array(3).fill('Skip'));
    expect(await told('control plane, least values')).toEqual(Array(3).fill(undefined));
  });

  it('have a door for each path of the REST API, and only one', async () => {
    const [ingress] = ofKind(await objectsOf(named('control plane, Ingress and enrolment')), 'Ingress');
    const paths = [...JSON.stringify(ingress).matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path);
    expect(paths).toContain('/api/v1/incidents');
    expect(paths).toContain('/api/v1/kill-switch');
    expect(new Set(paths).size).toBe(paths.length);
  });
});

withHelm('values that do not fit', () => {
  it.each(refused)('are refused, naming the value: %s', async (_what, chart, values, words) => {
    await expect(render(helm ?? '', { chart, values })).rejects.toThrow(words);
  });

  it.each([...workable, ...withinRestricted])('have neighbours that do: %s', async (_what, values) => {
    expect(await render(helm ?? '', { chart: 'aetherius', values })).toContain('kind: Deployment');
  });

  it.each(agreeing)('have neighbours that agree: %s', async (_what, chart, values) => {
    expect(await render(helm ?? '', { chart, values })).toContain('kind: Deployment');
  });

  it('are refused without a word of the password in them', async () => {
    const values = { nats: { url: 'tls://u:hidden@b:4222' } };
    const said = await render(helm ?? '', { chart: 'aetherius', values }).catch(String);
    expect(said).toContain('nats.url holds');
    expect(said).not.toContain('hidden');
  });
});

describe('rules and dashboards of the charts', () => {
  const folders = ['aetherius/files/rules', 'aetherius/files/dashboards', 'aetherius-agent/files/rules'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(charts, folder)).map((file) => join(charts, folder, file)),
  );

  it('name only series that some service declares', () => {
    const series = files.flatMap((file) => readFileSync(file, 'utf8').match(/aetherius_[a-z0-9_]+/g) ?? []);
    expect(series.length).toBeGreaterThan(15);
    const sources = execFileSync('git', ['grep', '-h', '-o', "'aetherius_[a-z0-9_]*'", '--', '*/src/*.ts'], {
      cwd: root,
    });
    const declared = new Set(sources.toString().replaceAll("'", '').split('\n'));
    const missing = series.filter(
      (name) => !declared.has(name) && !declared.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(missing).toEqual([]);
  });
});
