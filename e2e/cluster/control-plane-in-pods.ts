import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiClient, createApiClient } from '@aetherius/local';
import { freePorts, sleep } from '@aetherius/shared/service';
import { eventually } from '../../shared/src/testing/eventually.ts';
import { backedUp } from './backed-up.ts';
import { type Check, type Checking, gatherChecks, none } from './check.ts';
import { followServices } from './followed-services.ts';
import type { Pods } from './pods.ts';
import { kubernetesService, openServices, type PlayedService } from './service-network.ts';

const NAMESPACE = 'aetherius';
const AGENT = 'aetherius-agent';
const OF_RELEASE = 'app.kubernetes.io/instance=aetherius';
const services = { 'agent-manager': 8080, 'orchestrator-service': 8081, 'reasoning-service': 8082 };
const ROLLED_OUT = `kubectl -n ${NAMESPACE} rollout status deployment --timeout=5m`;
const RESTART = [NAMESPACE, AGENT].map((name) => `kubectl -n ${name} rollout restart deployment`).join(' && ');
const TOKEN = `kubectl -n ${NAMESPACE} get secret aetherius-auth -o jsonpath='{.data.bootstrap-token}' | base64 -d`;
const CHART = `deployments/charts/aetherius --namespace ${NAMESPACE} --set global.imageRegistry=docker.io`;
const OWN_DOOR = `--set enrolment.publicUrl=http://aetherius-agent-manager.${NAMESPACE}.svc:8080`;
/** A manager of two needs Redis, which is not part of the chart. */
const REPLICAS = ['manager', 'orchestrator', 'reasoning']
  .map((name) => `--set ${name}.replicaCount=2 --set ${name}.podDisruptionBudget.enabled=true`)
  .join(' ');

type Way = {
  name: string;
  /** Where the database is; the bundled one without it. */
  databaseUrl?: string;
  values: string;
  /** Added to the values by a later upgrade. */
  upgrade: string;
  redisUrl?: string;
  /** Whether the database is there before the release, so that Jobs migrate it before the first pod starts. */
  migratedBefore: boolean;
};
type Installed = Pods & { way: Way; check: Checking };
type Reached = Installed & { api: ApiClient; url: string };

/** The whole of Aetherius in pods, by the commands of the documentation: with a database of one's own, and with everything inside. */
export async function controlPlaneInPods(pods: Pods): Promise<Check[]> {
  const { standIns, report } = pods;
  const database = outsideOf('AETHERIUS_TEST_DATABASE_URL', {
    name: 'postgres.outside',
    address: '10.96.0.22',
    port: 5432,
  });
  const redis = outsideOf('AETHERIUS_TEST_REDIS_URL', { name: 'redis.outside', address: '10.96.0.23', port: 6379 });
  const played = [database, redis].flatMap((part) => (part === undefined ? [] : [part.service]));
  report(
    `this machine brings what the cluster lacks: names and addresses of services, volumes, Postgres, ${redis === undefined ? 'but no Redis, so one pod of each service' : 'Redis'}${standIns.nats === '' ? '' : '; values name stand-ins for NATS and Postgres'}`,
  );
  const bus = `--set nats.bundled.enabled=true ${standIns.nats}`;
  const own: Way = {
    name: 'own database',
    ...(database === undefined ? {} : { databaseUrl: database.url }),
    values: `${bus} ${OWN_DOOR}`,
    upgrade: redis === undefined ? '--set logLevel=debug' : `${REPLICAS} --set redis.existingSecret=aetherius-redis`,
    migratedBefore: true,
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
  };
  const trial: Way = {
    name: 'everything inside',
    values: `${bus} --set postgres.bundled.enabled=true ${standIns.postgres} ${OWN_DOOR}`,
    upgrade: '--set logLevel=debug',
    migratedBefore: false,
  };
  return [...(await installed(pods, own, played)), ...(await installed(pods, trial, []))];
}

/** A part that this machine has, by the name and the port under which pods reach it. */
function outsideOf(variable: string, place: Omit<PlayedService, 'target'>) {
  const given = process.env[variable];
  if (given === undefined) return undefined;
  const url = new URL(given);
  const target = Number(url.port);
  url.host = `${place.name}.svc:${place.port}`;
  return { url: url.toString(), service: { ...place, target } };
}

async function installed(pods: Pods, way: Way, played: readonly PlayedService[]): Promise<Check[]> {
  const { bed, report } = pods;
  const { checks, check } = gatherChecks(`control plane in pods, ${way.name}`, report);
  const network = await openServices([kubernetesService(bed), ...played]);
  const unfollow = followServices({ kubectl: bed.kubectl, namespace: NAMESPACE, network });
  const all: Installed = { ...pods, way, check };
  try {
    if (await check('it installs as documented', () => none(setUp(all)))) await lookClosely(all);
  } finally {
    await check('uninstalled, nothing of it is left', () => takenAway(all));
    unfollow();
    await network.stop();
  }
  return checks;
}

/** The commands of the README, where Pod Security is "restricted". */
async function setUp({ bed, folder, shell, way }: Installed): Promise<void> {
  await shell(`kubectl create namespace ${NAMESPACE}`);
  await shell(`kubectl label namespace ${NAMESPACE} pod-security.kubernetes.io/enforce=restricted`);
  await bed.kubectl.apply(
    ['one', 'two', 'three'].map((name) => volume(folder, `${way.migratedBefore}-${name}`, bed.node)),
  );
  const keys = join(folder, `keys-${way.migratedBefore}`);
  const [address, flag] =
    way.databaseUrl === undefined ? [':', ''] : [`printf %s '${way.databaseUrl}'`, '--database-url -'];
  await shell(`${address} | npm run --silent secrets -- --folder ${keys} ${flag} | kubectl apply --server-side -f -`);
  const redis = `kubectl -n ${NAMESPACE} create secret generic aetherius-redis --from-literal=url=${way.redisUrl}`;
  if (way.redisUrl !== undefined) await shell(redis);
  await shell(`helm install aetherius ${CHART} ${way.values}`);
  await shell(ROLLED_OUT).catch(async (error: unknown) => {
    throw new Error(`${error}\n${await whatPodsSay(bed)}`);
  });
}

async function whatPodsSay({ kubectl }: Pods['bed']): Promise<string> {
  const place = ['--namespace', NAMESPACE];
  const told = await kubectl.run([...place, 'describe', 'pods']);
  const logs = await kubectl.run([...place, 'logs', '--selector', OF_RELEASE, '--tail=8', '--prefix']).catch(String);
  return `${told.slice(-3_000)}\n${logs}`;
}

/** A folder of this machine as a volume: there is nobody who makes volumes for claims. */
function volume(folder: string, name: string, node: string): object {
  const path = join(folder, `volume-${name}`);
  mkdirSync(path);
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `aetherius-${name}`, labels: { 'app.kubernetes.io/part-of': 'aetherius' } },
    spec: {
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  };
}

async function lookClosely(all: Installed): Promise<void> {
  const { shell, way, check } = all;
  await check('every pod came up at the first start', () => restarts(all));
  if (way.migratedBefore) await check('a Job of each service migrated first', () => migrated(all));
  const url = `http://${await addressOf(all, 'agent-manager')}:${services['agent-manager']}`;
  const reached = { ...all, url, api: createApiClient({ url, apiToken: await shell(TOKEN) }) };
  await check('each service is ready and keeps strangers out', () => doors(reached));
  await check('an agent is let in by the printed command', () => none(letIn(reached)));
  await check('a fault is found and explained', () => none(explained(reached, 'first')));
  const upgrade = `helm upgrade aetherius ${CHART} ${way.values} ${way.upgrade}`;
  await check('an upgrade migrates and misses no request', () =>
    throughout(reached, () => shell(`${upgrade} && ${ROLLED_OUT}`)),
  );
  await check('a Job of each service migrated again', () => migrated(all));
  await check('a rolling restart of every Deployment misses no request and ends the runs that are in flight', () =>
    throughout(reached, () => Promise.all([explained(reached, 'meanwhile'), shell(`${RESTART} && ${ROLLED_OUT}`)])),
  );
  await check('a fault is found and explained after that', () => none(explained(reached, 'second')));
  if (!way.migratedBefore) await lookAtWhatIsKept(reached);
}

async function lookAtWhatIsKept(reached: Reached): Promise<void> {
  const { shell, check } = reached;
  await check('database and bus come back with what they kept', async () => {
    // Not by deleting the pods: kubectl can wait for ever for one whose successor has its name.
    await shell(`kubectl -n ${NAMESPACE} rollout restart statefulset`);
    await shell(`kubectl -n ${NAMESPACE} rollout status statefulset --timeout=2m`);
    await explained(reached, 'third');
    return lost(reached, 'first');
  });
  await check('a backup by the clock is restored, and the fleet goes on', async () => {
    const problems = await backedUp({ ...reached, chart: CHART });
    await explained(reached, 'fourth');
    return [...problems, ...(await lost(reached, 'first'))];
  });
}

async function restarts({ bed }: Installed): Promise<string[]> {
  const path = '{range .items[*]}{.metadata.name} {.status.containerStatuses[*].restartCount}{"\\n"}{end}';
  const lines = (await bed.kubectl.run(['-n', NAMESPACE, 'get', 'pods', '-o', `jsonpath=${path}`])).trim().split('\n');
  return lines.filter((line) => !line.endsWith(' 0')).map((line) => `restarts of ${line}`);
}

/** Helm takes a Job away that did its work; its events stay. */
async function migrated({ bed }: Installed): Promise<string[]> {
  const chosen = ['--field-selector', 'involvedObject.kind=Job,reason=Completed'];
  const path = ['-o', 'jsonpath={.items[*].involvedObject.name}'];
  const done = (await bed.kubectl.run(['-n', NAMESPACE, 'get', 'events', ...chosen, ...path])).split(' ');
  await bed.kubectl.run(['-n', NAMESPACE, 'delete', 'events', ...chosen]);
  const jobs = Object.keys(services).map((name) => `aetherius-${name}-migrate`);
  return jobs.filter((name) => !done.includes(name)).map((name) => `${name} did not complete`);
}

const addressOf = ({ bed }: Installed, service: string): Promise<string> =>
  bed.kubectl.run(['-n', NAMESPACE, 'get', 'service', `aetherius-${service}`, '-o', 'jsonpath={.spec.clusterIP}']);

async function doors(all: Installed): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, port] of Object.entries(services)) {
    const url = `http://${await addressOf(all, name)}:${port}`;
    const ready = await fetch(`${url}/health/ready`);
    if (ready.status !== 200) problems.push(`${name} is not ready: ${await ready.text()}`);
    const path = name === 'agent-manager' ? 'incidents' : name === 'reasoning-service' ? 'runbooks' : 'kill-switch';
    const { status } = await fetch(`${url}/api/v1/${path}`);
    if (status !== 401) problems.push(`${name} answers a stranger ${status}`);
  }
  return problems;
}

/** What the README has people do, from their own machine. */
async function letIn({ api, shell }: Reached): Promise<void> {
  const [port = 0] = await freePorts(1);
  const door = `http://127.0.0.1:${port}`;
  const answer = await shell(`
    kubectl -n ${NAMESPACE} port-forward service/aetherius-agent-manager ${port}:8080 > /dev/null &
    trap "kill $!" EXIT
    until curl -sf ${door}/health/live > /dev/null; do sleep 1; done
    TOKEN=$(${TOKEN})
    ACCESS=$(printf 'header = "Authorization: Bearer %s"' "$TOKEN" | curl -sK - -X POST ${door}/api/v1/access/token | node -p 'JSON.parse(fs.readFileSync(0)).access_token')
    printf 'header = "Authorization: Bearer %s"' "$ACCESS" | curl -sK - -H 'content-type: application/json' -d '{"cluster_id": "home"}' ${door}/api/v1/clusters`);
  const { commands } = JSON.parse(answer) as { commands: { helm: string } };
  await shell(commands.helm);
  await shell(`kubectl -n ${AGENT} rollout status deployment --timeout=2m`);
  await eventually(
    async () => {
      const found = (await api.clusters()).find(({ id }) => id === 'home');
      if ((found?.last_seen_at ?? null) === null) throw new Error(`the manager has ${JSON.stringify(found)}`);
    },
    { within: 60_000 },
  );
}

const faults = ['first', 'meanwhile', 'second', 'third', 'fourth'] as const;
const shopOf = (name: (typeof faults)[number]) => `${name}-shop`;

/** A pod that may not have its image: seen by the agent, told over the bus, explained by the reasoning, brought to a person by the orchestrator. */
async function explained({ api, bed }: Reached, name: (typeof faults)[number]): Promise<void> {
  const namespace = shopOf(name);
  const containers = [{ name: 'cart', image: 'registry.example.com/private/cart:1' }];
  await bed.kubectl.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart', namespace }, spec: { containers } },
  ]);
  await eventually(
    async () => {
      const found = (await api.incidents()).find(({ subject }) => subject.namespace === namespace);
      const { diagnosis, state } = found ?? {};
      if (diagnosis?.category !== 'image_pull_unauthorized' || state !== 'escalated')
        throw new Error(`${found === undefined ? 'no incident' : `${state}, ${diagnosis?.category}`}`);
    },
    { within: 120_000 },
  );
}

async function lost({ api }: Reached, name: (typeof faults)[number]): Promise<string[]> {
  const isKept = (await api.incidents()).some(({ subject }) => subject.namespace === shopOf(name));
  return isKept ? [] : [`the incident in ${shopOf(name)} is gone`];
}

const CLIENTS = 3;
const PAUSE_MS = 50;

/** Asks the API as busy clients do while something is done, each time on a new connection, and tells each time that it was not answered. */
async function throughout({ api, url, report }: Reached, work: () => Promise<unknown>): Promise<string[]> {
  const headers = { authorization: `Bearer ${await api.token()}`, connection: 'close' };
  const missed: string[] = [];
  let isOver = false;
  let asked = 0;
  const ask = async () => {
    while (!isOver) {
      asked += 1;
      const answer = await fetch(`${url}/api/v1/incidents?limit=1`, { headers }).then(
        ({ status }) => (status === 200 ? undefined : String(status)),
        (error: Error) => `${error.message}: ${error.cause}`,
      );
      if (answer !== undefined) missed.push(answer);
      await sleep(PAUSE_MS);
    }
  };
  const asking = Array.from({ length: CLIENTS }, ask);
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(asking);
  report(`asked ${asked} times meanwhile`);
  return missed.length === 0
    ? []
    : [`${missed.length} of ${asked} requests failed: ${[...new Set(missed)].join('; ')}`];
}

/** Claims are the cluster's to keep; whoever wants them gone deletes the namespace. */
async function takenAway({ bed, shell }: Installed): Promise<string[]> {
  await shell(`helm uninstall ${AGENT} --namespace ${AGENT} --ignore-not-found --wait`);
  await shell(`helm uninstall aetherius --namespace ${NAMESPACE} --ignore-not-found --wait`);
  const kinds = 'all,configmaps,secrets,serviceaccounts,poddisruptionbudgets,networkpolicies,ingresses';
  // Helm waits for what it made, not for the pods of that.
  await shell(`kubectl -n ${NAMESPACE} wait pod --for=delete --timeout=60s --selector ${OF_RELEASE}`);
  const left = await bed.kubectl.run(['-n', NAMESPACE, 'get', kinds, '--selector', OF_RELEASE, '-o', 'name']);
  const namespaces = [NAMESPACE, AGENT, ...faults.map(shopOf)].join(' ');
  await shell(`kubectl delete namespace ${namespaces} --ignore-not-found --wait`);
  await shell('kubectl delete persistentvolume --selector app.kubernetes.io/part-of=aetherius --wait');
  return left.trim() === '' ? [] : [`left: ${left.trim().split('\n').join(', ')}`];
}
