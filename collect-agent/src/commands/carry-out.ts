import { type Command, JsonObject, parametersOf, seconds } from '@aetherius/shared/contracts';
import { type Clock, sleep } from '@aetherius/shared/service';
import type { KubeClient } from '../kube/client.ts';
import { isPassing, KubeError } from '../kube/kube-error.ts';
import { backOffMs } from '../watch/back-off.ts';
import { planCordon } from './actions/cordon.ts';
import { deletePod, evictPod } from './actions/delete-pod.ts';
import { growClaim } from './actions/fields/capacity.ts';
import { fieldChanges, type PlainFieldAction } from './actions/fields/index.ts';
import type { ReplicaSet } from './actions/pick-revision.ts';
import { asBody, planField, planReplacement } from './actions/plan-field.ts';
import { planRestart } from './actions/restart.ts';
import { planRollback } from './actions/rollback.ts';
import { planScale } from './actions/scale.ts';
import { planSetResources } from './actions/set-resources.ts';
import type { ChangePlan, NoPlan } from './change-plan.ts';
import { compareAndSet } from './compare-and-set.ts';
import type { KillSwitch } from './kill-switch.ts';
import { listPath, pathOf } from './kinds.ts';
import { type Claim, itemsOf, type KubeObject, type Node, type Workload } from './kube-object.ts';
import { done, failed, type Outcome } from './outcome.ts';
import { describeObject } from './read/describe.ts';
import { listEvents } from './read/events.ts';
import { getObject } from './read/get.ts';
import { readLogs } from './read/logs.ts';
import { selectorText } from './read/look.ts';
import { watchCondition } from './read/observe.ts';
import type { RefusalOf } from './surroundings.ts';

export type Tools = {
  client: KubeClient;
  clock: Clock;
  killSwitch: KillSwitch;
  readyFor: (replicaSetUid: string) => number | undefined;
};
export type Order = {
  command: Command;
  signal: AbortSignal;
  refusalOf: RefusalOf;
};
type Carry = (tools: Tools, order: Order) => Promise<Outcome>;

const LOOK_EVERY_MS = 1_000;

const setField =
  (action: PlainFieldAction): Carry =>
  ({ client }, order) =>
    set(client, order, (target) => planField(action, target, order.command.parameters));

const fieldCarriers = Object.fromEntries(
  Object.keys(fieldChanges).map((action) => [action, setField(action as PlainFieldAction)]),
) as Record<PlainFieldAction, Carry>;

/** Every action of the catalogue, and nothing besides. */
const carriers: Readonly<Record<Command['action'], Carry>> = {
  ...fieldCarriers,
  resize_claim: ({ client }, order) => {
    const parameters = parametersOf.resize_claim.parse(order.command.parameters);
    return set<Claim>(client, order, async (claim) =>
      planReplacement(claim, growClaim(asBody(claim), parameters, await classOf(client, claim))),
    );
  },
  evict_pod: ({ client }, order) => evictPod({ client, ...order }),
  restart_workload: ({ client, clock }, order) =>
    set<Workload>(client, order, (target) => planRestart(target, clock.now())),
  scale_workload: ({ client }, order) => {
    const parameters = parametersOf.scale_workload.parse(order.command.parameters);
    return set<Workload>(client, order, (target) => planScale(target, parameters));
  },
  set_resources: ({ client }, order) => {
    const parameters = parametersOf.set_resources.parse(order.command.parameters);
    return set<Workload>(client, order, (target) => planSetResources(target, parameters));
  },
  rollback_workload: ({ client, readyFor }, order) => {
    const { to_revision: toRevision } = parametersOf.rollback_workload.parse(order.command.parameters);
    return set<Workload>(client, order, async (target) => {
      const replicaSets = await replicaSetsOf(client, target);
      return planRollback(target, { replicaSets, toRevision, readyFor });
    });
  },
  delete_pod: ({ client }, order) => {
    const { grace_seconds: graceSeconds } = parametersOf.delete_pod.parse(order.command.parameters);
    return deletePod({ client, graceSeconds, ...order });
  },
  cordon_node: ({ client }, order) => set<Node>(client, order, (node) => planCordon(node, true)),
  uncordon_node: ({ client }, order) => set<Node>(client, order, (node) => planCordon(node, false)),
  get: ({ client }, { command }) => getObject(client, command.target),
  describe: ({ client }, { command }) => describeObject(client, command.target),
  events: ({ client }, { command }) =>
    listEvents(client, command.target, parametersOf.events.parse(command.parameters).limit),
  logs: ({ client }, { command }) => readLogs(client, command.target, parametersOf.logs.parse(command.parameters)),
  observe: ({ client, clock }, { command, signal }) => {
    const parameters = parametersOf.observe.parse(command.parameters);
    return watchCondition({ client, target: command.target, parameters, clock, signal, everyMs: LOOK_EVERY_MS });
  },
  configure: async ({ killSwitch }, { command }) => {
    const { kill_switch } = parametersOf.configure.parse(command.parameters);
    await killSwitch.set(kill_switch === 'on');
    return done({ kill_switch });
  },
};

type Plan<T> = (target: T) => ChangePlan | NoPlan | Promise<ChangePlan | NoPlan>;

const set = <T extends KubeObject>(client: KubeClient, { command, refusalOf }: Order, plan: Plan<T>) =>
  compareAndSet<T>({ client, command, plan, refusalOf });

async function replicaSetsOf(client: KubeClient, { metadata, spec }: Workload): Promise<ReplicaSet[]> {
  const labelSelector = selectorText(spec.selector.matchLabels);
  const answer = await client.list(listPath('ReplicaSet', metadata.namespace ?? null), { labelSelector });
  return itemsOf<ReplicaSet>(answer, 'ReplicaSet');
}

async function classOf(client: KubeClient, { spec }: Claim): Promise<JsonObject | undefined> {
  const name = spec?.storageClassName;
  if (name === undefined) return undefined;
  return JsonObject.parse(await client.get(pathOf({ kind: 'StorageClass', namespace: null, name })));
}

/**
 * Carries one accepted command out; what the API server refuses is an outcome, anything else is a bug and thrown.
 * What it cannot do just now is tried again for as long as the command may take: each action finds what it did before.
 */
export async function carryOut(tools: Tools, order: Order): Promise<Outcome> {
  const { clock } = tools;
  const { command, signal } = order;
  const end = clock.monotonic() + seconds(command.expires_in) * 1000;
  for (let failures = 0; ; failures += 1) {
    try {
      return await carriers[command.action](tools, order);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      const pause = backOffMs(failures, 1);
      if (!isPassing(error) || signal.aborted || clock.monotonic() + pause >= end)
        return failed(`${snakeCase(error.reason)}: ${error.message}`, { code: error.code });
      await sleep(pause, signal);
    }
  }
}

const snakeCase = (reason: string): string => reason.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase();
