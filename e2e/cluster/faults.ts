import { errors } from '@aetherius/shared/errors';
import { loadBaseCluster, loadScenarios, type Scenario } from '@aetherius/simulator';
import type { Bed } from './bed.ts';
import { FAKE_NODE } from './fake-nodes.ts';
import { BEHAVIOUR, type Behaviour, type Container, programOf } from './program.ts';

type FaultStep = Scenario['fault'][number];
type ObjectName = Extract<FaultStep, { kind: 'patch' }>['target'];
type Fields = Record<string, unknown>;
type Deployment = {
  kind: string;
  spec: {
    template: {
      metadata: { annotations?: Record<string, string> };
      spec: { containers: (Container & { command?: string[] })[]; tolerations?: object[]; [field: string]: unknown };
    };
  };
};

/** Steps that this bed does not take, with the reason. */
const notHere = (step: FaultStep): boolean => step.kind === 'disk_pressure';

/** No kubelet is part of these, and two processors have not room for the pods of all faults at once. */
export const onFakeNodes: ReadonlySet<string> = new Set([
  'quota_exceeded',
  'service_selector_mismatch',
  'node_not_ready',
]);

/** The scenarios that cannot be played here; each is counted as skipped. */
export const leftOut = (): { name: string; why: string }[] =>
  loadScenarios()
    .filter(({ fault }) => fault.some(notHere))
    .map(({ name }) => ({ name, why: 'a node that KWOK plays has no disk; the real node is made short of it last' }));

/** The simulator's scenarios as a real cluster can play them: same objects, same names, and programs that really run. */
export const loadFaults = (): Scenario[] =>
  loadScenarios()
    .filter(({ fault }) => !fault.some(notHere))
    .map((scenario) => ({
      ...scenario,
      setup: scenario.setup.map((object) => realObject(object, scenario.name)),
      fault: scenario.fault.map((step) =>
        step.kind === 'apply' ? { ...step, object: realObject(step.object, scenario.name) } : step,
      ),
    }));

/** Adds what a real kubelet needs to play a pod: a command, and a word on where it may run. */
function realObject(object: Fields, scenario: string): Fields {
  if (object['kind'] !== 'Deployment') return object;
  const copy = structuredClone(object) as Fields & Deployment;
  const { metadata, spec } = copy.spec.template;
  const behaviour = JSON.parse(metadata.annotations?.[BEHAVIOUR] ?? '{}') as Behaviour;
  for (const container of spec.containers) container.command = ['sh', '-c', programOf(behaviour, container)];
  spec['terminationGracePeriodSeconds'] = 2;
  if (onFakeNodes.has(scenario)) {
    spec.tolerations = [...(spec.tolerations ?? []), FAKE_NODE];
    // No real node carries a zone.
    const fake = { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'Exists' }] };
    spec['affinity'] = withRequired(spec['affinity'], fake);
  }
  return copy;
}

function withRequired(affinity: unknown, term: object): object {
  const { nodeAffinity = {} } = (affinity ?? {}) as { nodeAffinity?: object };
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
  return { nodeAffinity: { ...nodeAffinity, ...required } };
}

/** Puts the healthy states of faults in place and waits until all of them are healthy. */
export async function setUpFaults({ kubectl }: Bed, faults: readonly Scenario[]): Promise<void> {
  const setup = faults.flatMap((fault) => fault.setup);
  const names = new Set(faults.flatMap(objectsOf).map(({ namespace }) => namespace));
  const namespaces = loadBaseCluster().setup.filter(
    ({ kind, metadata }) => kind === 'Namespace' && names.has((metadata as { name: string }).name),
  );
  await kubectl.apply([...namespaces, ...setup]);
  const deployments = setup.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata as Place);
  for (const { namespace, name } of deployments) {
    await kubectl.run(['-n', namespace ?? 'default', 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);
  }
}

/** Takes away the namespaces of faults with all that is in them; a node that was lost stays lost. */
export async function clearFaults({ kubectl }: Bed, faults: readonly Scenario[]): Promise<void> {
  const names = new Set(faults.flatMap(objectsOf).flatMap(({ namespace }) => namespace ?? []));
  const remove = ['delete', 'namespace', ...names, '--ignore-not-found'];
  await kubectl.run([...remove, '--wait=false']);
  for (const step of faults.flatMap(({ fault }) => fault)) {
    if (step.kind !== 'stop_node') continue;
    // No kubelet is left to say that its pods are gone, and a namespace waits for that.
    const there = ['--all-namespaces', `--field-selector=spec.nodeName=${step.node}`];
    await kubectl.run(['delete', 'pods', ...there, '--force', '--grace-period=0']);
  }
  await kubectl.run([...remove, '--timeout=90s']);
}

type Place = { namespace?: string | null; name: string };

/** The objects that a scenario brings along, in its healthy state or as a step of its fault. */
export const objectsOf = ({ setup, fault }: Scenario): Place[] =>
  [...setup, ...fault.flatMap((step) => (step.kind === 'apply' ? [step.object] : []))].map(
    ({ metadata }) => metadata as Place,
  );

/** Breaks what {@link setUpFaults} has put in place. */
export async function applyFault(bed: Bed, { fault }: Scenario): Promise<void> {
  for (const step of fault) await take(bed, step);
}

async function take(bed: Bed, step: FaultStep): Promise<void> {
  const { kubectl } = bed;
  switch (step.kind) {
    case 'apply':
      return kubectl.apply([step.object]);
    case 'patch': {
      const patch = JSON.stringify(step.operations);
      await kubectl.run([...named('patch', step.target), '--type=json', `--patch=${patch}`]);
      return undefined;
    }
    case 'delete':
      await kubectl.run(named('delete', step.target));
      return undefined;
    case 'missing_image':
      return bed.loseImage(step.image);
    case 'stop_node':
      return bed.fakeNodes.lose(step.node);
    case 'disk_pressure':
      throw errors.invalid_input({ field: 'disk_pressure', why: 'cannot be made on the real cluster' });
  }
}

const named = (verb: string, { kind, namespace, name }: ObjectName): string[] => [
  verb,
  kind.toLowerCase(),
  name,
  ...(namespace === undefined ? [] : ['-n', namespace]),
];
