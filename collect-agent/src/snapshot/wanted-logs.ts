import type { JsonObject } from '@aetherius/shared/contracts';
import { asObject } from '../evidence/bundle-items.ts';

/** One log worth reading. */
export type WantedLog = { namespace: string; pod: string; container: string; previous: boolean; lines: number };

const TROUBLED_LINES = 100;
const HEALTHY_LINES = 40;
const TROUBLED_PER_OWNER = 2;

type Seen = { pod: JsonObject; owner: string; troubled: JsonObject[]; healthy: JsonObject[] };

/**
 * The logs that can tell something: of two pods per controller the containers in trouble, with the run before; of one pod per
 * controller the others, for a program may run and complain. Those in trouble come first, for the number is bounded.
 */
export function wantedLogs(pods: readonly JsonObject[], most: number): WantedLog[] {
  const seen = pods.map(look);
  const troubled = perOwner(
    seen.filter((one) => one.troubled.length > 0),
    TROUBLED_PER_OWNER,
  ).flatMap(({ pod, troubled: containers }) => containers.flatMap((status) => ofTroubled(pod, status)));
  const ill = new Set(seen.filter((one) => one.troubled.length > 0).map(({ owner }) => owner));
  const healthy = perOwner(
    seen.filter((one) => one.healthy.length > 0 && !ill.has(one.owner)),
    1,
  ).flatMap(({ pod, healthy: containers }) => containers.map((status) => logOf(pod, status, HEALTHY_LINES)));
  return [...troubled, ...healthy].slice(0, most);
}

function look(pod: JsonObject): Seen {
  const metadata = asObject(pod['metadata']);
  const status = asObject(pod['status']);
  const statuses = [...objects(status['initContainerStatuses']), ...objects(status['containerStatuses'])].filter(
    hasRun,
  );
  const [owner] = objects(metadata['ownerReferences']);
  const troubled = statuses.filter((one) => isTroubled(one));
  const healthy = status['phase'] === 'Running' ? statuses.filter((one) => !isTroubled(one) && isRunning(one)) : [];
  return { pod, owner: String(owner?.['uid'] ?? metadata['uid']), troubled, healthy };
}

const objects = (value: JsonObject[string] | undefined): JsonObject[] =>
  Array.isArray(value) ? value.map(asObject) : [];

const state = (status: JsonObject, which: 'state' | 'lastState', kind: string): JsonObject | undefined => {
  const found = asObject(status[which])[kind];
  return found === undefined || found === null ? undefined : asObject(found);
};

const isRunning = (status: JsonObject): boolean => state(status, 'state', 'running') !== undefined;
const hasRun = (status: JsonObject): boolean =>
  isRunning(status) ||
  state(status, 'state', 'terminated') !== undefined ||
  state(status, 'lastState', 'terminated') !== undefined;

function isTroubled(status: JsonObject): boolean {
  const ended = state(status, 'state', 'terminated');
  if (ended !== undefined) return ended['exitCode'] !== 0;
  return (
    status['ready'] === false ||
    state(status, 'state', 'waiting') !== undefined ||
    Number(status['restartCount'] ?? 0) > 0
  );
}

const ofTroubled = (pod: JsonObject, status: JsonObject): WantedLog[] => {
  const current = logOf(pod, status, TROUBLED_LINES);
  return state(status, 'lastState', 'terminated') === undefined ? [current] : [{ ...current, previous: true }, current];
};

function logOf(pod: JsonObject, status: JsonObject, lines: number): WantedLog {
  const { namespace, name } = asObject(pod['metadata']);
  return {
    namespace: String(namespace ?? ''),
    pod: String(name),
    container: String(status['name']),
    previous: false,
    lines,
  };
}

function perOwner(seen: readonly Seen[], most: number): Seen[] {
  const counts = new Map<string, number>();
  return seen.filter(({ owner }) => {
    const count = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, count);
    return count <= most;
  });
}
