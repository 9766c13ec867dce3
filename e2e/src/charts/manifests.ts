import { stringify } from 'yaml';
import type { GeneratedDocument } from './generated-document.ts';
import { type Installation, render } from './helm.ts';
import { objectsIn } from './objects.ts';

const folder = 'deployments/manifests';

const only = (...names: string[]): string[] => names.flatMap((name) => ['--show-only', `templates/${name}.yaml`]);

const on = { enabled: true };
const switchedOn = { podDisruptionBudget: on, autoscaling: on };

/** The control plane as the plain manifests have it: the services migrate when they start, because kubectl knows no hooks. */
const inside = {
  nats: { bundled: { enabled: true } },
  // Of agents in the same cluster; an overlay for others names another.
  enrolment: { publicUrl: 'http://aetherius-agent-manager.aetherius.svc:8080' },
  migrations: { hook: { enabled: false } },
};
const plane: Installation = { chart: 'aetherius', values: inside };
/** Name, address and token in one Secret, as the control plane gives them in a command to paste. */
const agent: Installation = { chart: 'aetherius-agent', values: { existingSecret: 'aetherius-agent-enrolment' } };

/** The control plane with more values, and of it the objects of one template. */
const partOfPlane = (template: string, values: object = {}): Installation => ({
  ...plane,
  values: { ...inside, ...values },
  args: only(template),
});
const partOfAgent = (template: string, values: object = {}): Installation => ({
  ...agent,
  values: { ...agent.values, ...values },
  args: only(template),
});
/** In namespaced mode: a kustomization says which namespace it really is. */
const oneNamespace = { rbac: { namespaces: ['watched'] } };

const available = {
  redis: { existingSecret: 'aetherius-redis' },
  manager: switchedOn,
  orchestrator: switchedOn,
  reasoning: switchedOn,
};
const backup = { schedule: '15 2 * * *', existingClaim: 'aetherius-backups' };

/** Each generated file of the plain manifests, and the part of an installation that it is. */
const files: Record<string, Installation> = {
  'base/control-plane.yaml': {
    chart: 'aetherius',
    values: { ...inside, nats: { url: 'nats://aetherius-nats:4222' } },
    args: only('settings', 'services', 'deployments'),
  },
  'components/nats/nats.yaml': partOfPlane('bundled-nats'),
  'components/nats-open/nats.yaml': partOfPlane('bundled-nats', {
    nats: { bundled: { ...on, tlsSecret: 'aetherius-nats-tls', service: { type: 'LoadBalancer' } } },
    enrolment: { publicUrl: 'https://aetherius.example.com', busUrl: 'tls://bus.example.com:4222' },
  }),
  // With as many connections as components/high-availability may open.
  'components/postgres/postgres.yaml': partOfPlane('bundled-postgres', { ...available, postgres: { bundled: on } }),
  'components/high-availability/availability.yaml': partOfPlane('availability', available),
  // Nobody waits for these Jobs as Helm does.
  'components/migrations/migrations.yaml': partOfPlane('migrate', {
    migrations: { hook: { ...on, activeDeadlineSeconds: 3_600 } },
  }),
  'components/backup/backup.yaml': partOfPlane('backup', { backup }),
  // With policies for the Jobs and the bundled servers too: where these are not, a policy selects nothing.
  'components/network-policy/network-policy.yaml': partOfPlane('network-policy', {
    postgres: { bundled: on },
    migrations: { hook: on },
    backup,
    networkPolicy: on,
  }),
  'components/ingress/ingress.yaml': partOfPlane('entrance', {
    ingress: { enabled: true, host: 'aetherius.example.com', tlsSecret: 'aetherius-tls' },
  }),
  'components/gateway/route.yaml': partOfPlane('entrance', {
    ingress: { host: 'aetherius.example.com' },
    httpRoute: { enabled: true, parentRefs: [{ name: 'public', namespace: 'gateways' }] },
  }),
  'components/prometheus-operator/monitoring.yaml': partOfPlane('monitoring', {
    serviceMonitor: on,
    prometheusRule: on,
  }),
  'components/agent-high-availability/availability.yaml': partOfAgent('surroundings', { podDisruptionBudget: on }),
  'components/agent-network-policy/network-policy.yaml': partOfAgent('surroundings', { networkPolicy: on }),
  'components/agent-prometheus-operator/monitoring.yaml': partOfAgent('surroundings', {
    podMonitor: on,
    prometheusRule: on,
  }),
  'agent/account.yaml': partOfAgent('account'),
  'agent/read.yaml': partOfAgent('read'),
  'agent/lease.yaml': partOfAgent('lease'),
  'agent-write/write.yaml': partOfAgent('write', { allowChanges: true }),
  'agent-namespace/read.yaml': partOfAgent('read', oneNamespace),
  'agent-namespace-write/write.yaml': partOfAgent('write', {
    ...oneNamespace,
    allowChanges: true,
    changeKinds: ['workloads', 'pods'],
  }),
  'agent-program/program.yaml': { ...agent, args: only('settings', 'deployment') },
};

/** Marks of Helm that say nothing true of an object that kubectl applied. */
const marks =
  /^ *(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n|^# Source: .*\n|^ {2}annotations:\n(?: {4}(?:helm\.sh|argocd\.argoproj\.io)\/hook.*\n)+/gm;

/** The plain manifests as the charts say them now. */
export const plainManifests = (helm: string): Promise<GeneratedDocument[]> =>
  Promise.all([
    ...Object.entries(files).map(async ([file, installation]) => ({
      file: `${folder}/${file}`,
      text: `${madeFrom(installation)}${anywhere(await render(helm, installation)).replace(marks, '')}`,
    })),
    dashboardMaps(helm),
  ]);

/** A kustomization may say another namespace, which reaches no text: there a pod says it of itself. */
const anywhere = (text: string): string => text.replaceAll('.aetherius.svc', '.$(NAMESPACE).svc');

const madeFrom = ({ chart }: Installation): string =>
  `# Made from deployments/charts/${chart} by "npm run generate".\n`;

/** The dashboards as the chart has them, each by its file: kustomize takes files only from beside or below what names them. */
async function dashboardMaps(helm: string): Promise<GeneratedDocument> {
  const installation = partOfPlane('monitoring', { grafanaDashboards: on });
  const maps = objectsIn((await render(helm, installation)).replace(marks, ''));
  const configMapGenerator = maps.map(({ metadata: { name, namespace, labels, annotations }, data = {} }) => ({
    name,
    namespace,
    files: Object.keys(data),
    options: { disableNameSuffixHash: true, labels, annotations },
  }));
  const component = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component', configMapGenerator };
  return {
    file: 'deployments/monitoring/dashboards/kustomization.yaml',
    text: `${madeFrom(installation)}${stringify(component, { aliasDuplicateObjects: false })}`,
  };
}
