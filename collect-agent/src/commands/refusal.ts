import { type Command, holdOn, isWriteAction, parametersOf, seconds } from '@aetherius/shared/contracts';
import { kindFits } from './catalogue.ts';
import { isClusterWide } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import { type Policy, systemNamespaces } from './policy.ts';

/** What a refusal depends on besides the command itself. `target` is there once it has been read. */
export type Circumstances = {
  cluster: string;
  ownNamespace: string;
  policy: Policy;
  changesAllowed: boolean;
  killSwitch: boolean;
  /** Milliseconds since the command came in, on the monotonic clock. */
  elapsedMs: number;
  /** Whether another write on the same object is under way. */
  targetBusy: boolean;
  target?: KubeObject | undefined;
  /** What the target belongs to, read with it. */
  surroundings?: readonly KubeObject[];
  now: Date;
};

type Check = (command: Command, now: Circumstances) => string | undefined;
const when = (refused: boolean, reason: string): string | undefined => (refused ? reason : undefined);

const general: readonly Check[] = [
  ({ cluster_id }, { cluster }) => when(cluster_id !== cluster, 'wrong_cluster'),
  ({ expires_in }, { elapsedMs }) => when(elapsedMs >= seconds(expires_in) * 1000, 'expired'),
  ({ target }) => when(target.kind.toLowerCase() === 'secret', 'secrets_are_never_touched'),
  ({ action, parameters }) => wrongParameters(action, parameters),
  ({ action, target, parameters }) => when(!kindFits(action, target.kind, parameters), 'kind_not_allowed'),
  ({ action, target }) => when(action !== 'configure' && !hasPlace(target), 'target_without_namespace'),
  // Whoever lists what may be done never means to forbid stopping it.
  ({ action }, { policy }) => when(action !== 'configure' && !policy.actions.includes(action), 'action_not_in_policy'),
];

const removals: ReadonlySet<string> = new Set(['delete_pod', 'evict_pod']);

/** Only what changes the cluster; reading stays possible when changing is not. */
const ofWrites: readonly Check[] = [
  (_, { changesAllowed }) => when(!changesAllowed, 'changes_not_allowed'),
  (_, { killSwitch }) => when(killSwitch, 'kill_switch'),
  ({ target }, { ownNamespace, policy }) => {
    const closed = [...systemNamespaces, ownNamespace, ...policy.protected_namespaces];
    return when(target.namespace !== null && closed.includes(target.namespace), 'protected_namespace');
  },
  ({ target }, { policy }) =>
    when(
      target.namespace !== null && policy.namespaces !== null && !policy.namespaces.includes(target.namespace),
      'namespace_not_in_policy',
    ),
  ({ action, target }) => when(removals.has(action) && target.uid === null, 'delete_needs_uid'),
  // Otherwise a write could fall on a successor of the same name that nobody has looked at.
  ({ target, expected, dry_run }) => when(!dry_run && target.uid === null && expected === null, 'target_not_pinned'),
  (_, { targetBusy }) => when(targetBusy, 'target_busy'),
  (_, circumstances) => held(circumstances),
  (_, { target }) => when(target !== undefined && isControlPlane(target), 'control_plane_node'),
];

/** The first reason to refuse a command, or undefined. Cheapest and most certain first; asked on receipt and again before each write. */
export function refusal(command: Command, now: Circumstances): string | undefined {
  const checks = isWriteAction(command.action) ? [...general, ...ofWrites] : general;
  for (const check of checks) {
    const reason = check(command, now);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function wrongParameters(action: Command['action'], parameters: Command['parameters']): string | undefined {
  const parsed = parametersOf[action].safeParse(parameters);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `invalid_parameters: ${[...(issue?.path ?? []), issue?.message ?? ''].join(' ').trim()}`;
}

const hasPlace = ({ kind, namespace }: Command['target']): boolean =>
  isClusterWide(kind) === true || namespace !== null;

/** The owner's word on the target, on the workload above it or on its namespace, whichever is met first. */
function held({ target, surroundings = [], now }: Circumstances): string | undefined {
  for (const object of target === undefined ? [] : [target, ...surroundings]) {
    const hold = holdOn(nameOf(object), object.metadata.annotations ?? {}, now);
    if (hold !== undefined) return `${hold.code}: ${hold.message}`;
  }
  return undefined;
}

const nameOf = ({ kind, metadata: { namespace, name } }: KubeObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

const isControlPlane = ({ metadata }: KubeObject): boolean =>
  ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'].some(
    (label) => metadata.labels?.[label] !== undefined,
  );
