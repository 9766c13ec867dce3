import type { Condition } from '@aetherius/shared/contracts';
import type { ReplicaSet } from './actions/pick-revision.ts';
import { revisionOf, revisionsOf } from './actions/pick-revision.ts';
import { asBody } from './actions/plan-field.ts';
import { type FieldCondition, fieldJudges, type ServedPorts } from './field-conditions.ts';
import type { ContainerStatus, KubeObject, Pod, StatusCondition, Workload } from './kube-object.ts';

/** What one look at the cluster found; an object that is gone is undefined. */
export type Sight = {
  object: KubeObject | undefined;
  pods?: readonly Pod[];
  replicaSets?: readonly ReplicaSet[];
  readyEndpoints?: number;
  services?: readonly ServedPorts[];
};

/** Whether the condition holds at this moment, and the restarts of each container so that growth shows between two looks. */
export type Reading = { holds: boolean; detail: string; restarts: Readonly<Record<string, number>> };
type Judge = (sight: Sight & { object: KubeObject }) => Omit<Reading, 'restarts'>;

const verdict = (holds: boolean, detail: string) => ({ holds, detail });

/** The condition in the light of one look. `uid` is the object that was meant: a successor of its name is not it. */
export function judge(condition: Condition, sight: Sight, uid: string | null): Reading {
  const { object } = sight;
  const restarts = restartsOf(currentPods(sight));
  const gone = object === undefined || (uid !== null && object.metadata.uid !== uid);
  if (condition === 'object_gone') return { ...verdict(gone, gone ? 'the object is gone' : 'it exists'), restarts };
  if (gone) return { ...verdict(false, 'the object is gone or another one took its place'), restarts };
  return { ...judges[condition]({ ...sight, object }), restarts };
}

const ofFields = Object.fromEntries(
  Object.entries(fieldJudges).map(([condition, judged]) => [
    condition,
    ({ object, services = [] }: Parameters<Judge>[0]) => judged({ body: asBody(object), services }),
  ]),
) as Record<FieldCondition, Judge>;

const judges: Readonly<Record<Exclude<Condition, 'object_gone'>, Judge>> = {
  ...ofFields,
  workload_available: (sight) => workloadAvailable(sight),
  pod_ready: ({ object }) => statusIs(object, 'Ready'),
  node_ready: ({ object }) => statusIs(object, 'Ready'),
  node_unschedulable: ({ object }) => verdict(isCordoned(object), isCordoned(object) ? 'cordoned' : 'not cordoned'),
  node_schedulable: ({ object }) => verdict(!isCordoned(object), isCordoned(object) ? 'cordoned' : 'not cordoned'),
  claim_bound: ({ object }) => {
    const phase = (object as KubeObject & { status?: { phase?: string } }).status?.phase ?? 'Pending';
    return verdict(phase === 'Bound', `phase is ${phase}`);
  },
  service_has_endpoints: ({ readyEndpoints = 0 }) => verdict(readyEndpoints > 0, `${readyEndpoints} ready endpoints`),
};

const isCordoned = (object: KubeObject): boolean =>
  (object as KubeObject & { spec?: { unschedulable?: boolean } }).spec?.unschedulable === true;

function statusIs(object: KubeObject, type: string) {
  const { conditions = [] } = (object as KubeObject & { status?: { conditions?: StatusCondition[] } }).status ?? {};
  const found = conditions.find((condition) => condition.type === type);
  const detail = found === undefined ? `no condition ${type}` : `${type} is ${found.status}`;
  return verdict(found?.status === 'True', found?.reason === undefined ? detail : `${detail} (${found.reason})`);
}

/** The figures that a workload of any kind reports about itself, under one set of names. */
function figuresOf({ kind, spec, status = {} }: Workload) {
  if (kind === 'DaemonSet') {
    const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    const total = desiredNumberScheduled;
    return { wanted: total, total, updated: updatedNumberScheduled, available: numberAvailable };
  }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return { wanted: spec.replicas ?? 1, total: replicas, updated: updatedReplicas, available: availableReplicas };
}

function workloadAvailable(sight: Sight & { object: KubeObject }) {
  const workload = sight.object as Workload;
  const { generation = 0 } = workload.metadata;
  if ((workload.status?.observedGeneration ?? 0) < generation)
    return verdict(false, 'its controller has not caught up');
  const { wanted, total, updated, available } = figuresOf(workload);
  const detail = `${available} available and ${updated} updated of ${wanted} wanted, ${total} in all`;
  if (updated !== wanted || available !== wanted || total !== wanted) return verdict(false, detail);
  const sick = currentPods(sight).flatMap(sickContainers)[0];
  return sick === undefined ? verdict(true, detail) : verdict(false, sick);
}

function sickContainers(pod: Pod): string[] {
  return containersOf(pod)
    .filter(({ state }) => state?.waiting?.reason === 'CrashLoopBackOff' || state?.terminated?.reason === 'OOMKilled')
    .map(({ name, state }) => {
      const reason = state?.waiting?.reason ?? state?.terminated?.reason ?? '';
      return `container ${name} of pod ${pod.metadata.name} is in ${reason}`;
    });
}

const containersOf = ({ status = {} }: Pod): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
];

/** The pods of the revision that should run now: those of an older one may well be crashing while they are replaced. */
function currentPods({ object, pods = [], replicaSets = [] }: Sight): readonly Pod[] {
  if (object?.kind !== 'Deployment') return pods;
  const current = revisionsOf(object, replicaSets).find((replicaSet) => revisionOf(replicaSet) === revisionOf(object));
  if (current === undefined) return pods;
  return pods.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === current.metadata.uid));
}

const restartsOf = (pods: readonly Pod[]): Record<string, number> =>
  Object.fromEntries(
    pods.flatMap((pod) =>
      containersOf(pod).map(({ name, restartCount }) => [
        `${pod.metadata.name}/${name}#${pod.metadata.uid}`,
        restartCount,
      ]),
    ),
  );
