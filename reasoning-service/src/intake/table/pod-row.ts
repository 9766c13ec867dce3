import { type JsonObject, seconds } from '@aetherius/shared/contracts';
import { isCounted, replicaSetOf, runOf } from '../../diagnosis/graph/generated-name.ts';
import { UNKNOWN_TIME } from '../../diagnosis/health/held-deletion.ts';
import { inventedName } from '../../diagnosis/invented-name.ts';
import { ageSeconds, before } from '../moment.ts';
import { labelsOf } from './row-cells.ts';

type Row = Record<string, string>;

/** What the STATUS column says of the container that keeps a pod from being ready. */
function stateOf(word: string): JsonObject {
  if (word === 'Completed') return { terminated: { reason: 'Completed', exitCode: 0 } };
  if (word === 'OOMKilled') return { terminated: { reason: 'OOMKilled', exitCode: 137 } };
  const [, cause, code] = /^(ExitCode|Signal):(\d+)$/.exec(word) ?? [];
  if (cause !== undefined)
    return { terminated: { reason: 'Error', exitCode: Number(code) + (cause === 'Signal' ? 128 : 0) } };
  if (terminations.has(word) || word === LOST) return { terminated: { reason: word } };
  if (word === 'Running' || word === 'NotReady' || word === 'Terminating') return { running: {} };
  return { waiting: { reason: word } };
}

const terminations = new Set(['Error', 'ContainerCannotRun', 'DeadlineExceeded', 'StartError']);
const finished = new Set([
  'Evicted',
  'NodeLost',
  'Shutdown',
  'NodeShutdown',
  // What the kubelet calls a pod that it ended as its node was shut down.
  'Terminated',
  'NodeAffinity',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
]);
/** A pod that was put out while its node was away: the kubelet does not know how its containers ended, and counts that as a restart. */
const LOST = 'ContainerStatusUnknown';
const up = new Set(['Running', 'NotReady', 'CrashLoopBackOff', 'Terminating']);
const done = new Set(['Completed', 'Succeeded']);
const waitsFor = new Set(['Pending', 'SchedulingGated', 'Unknown', 'Terminating']);

/** Pods of a replica set or a stateful set are started anew whenever they end; those of a CronJob have the minute in their name. */
const isKeptUp = (name: string): boolean =>
  isCounted(name) || (replicaSetOf(name) !== undefined && runOf(name) === undefined);

/** No back-off is so long: what completed before that and was not started anew is left over, as by a node that was shut down. */
const LEFT_OVER_MS = seconds('1h') * 1_000;

type Ends = { restarts: number | undefined; endedAt: string | undefined; at: string };

const isStartedAgain = (name: string, { restarts = 0, endedAt, at }: Ends): boolean =>
  restarts > 0 && endedAt !== undefined && Date.parse(at) - Date.parse(endedAt) < LEFT_OVER_MS && isKeptUp(name);

function phaseOf({ NAME: name = '', STATUS: word = '' }: Row, ends: Ends): string {
  if (done.has(word)) return isStartedAgain(name, ends) ? 'Running' : 'Succeeded';
  if (finished.has(word) || word === 'Failed' || word === LOST) return 'Failed';
  if (terminations.has(word) || word === 'OOMKilled') return (ends.restarts ?? 0) > 0 ? 'Running' : 'Failed';
  if (word === 'Unknown') return 'Unknown';
  return up.has(word) ? 'Running' : 'Pending';
}

/** No pod has more, whatever a damaged table says. */
const MOST_CONTAINERS = 64;

const containers = (text: string): number => Math.min(Number.parseInt(text, 10) || 0, MOST_CONTAINERS);

/** A pod as far as its row tells; the containers have no names there, so they are counted. */
export function podRow(row: Row, at: string): JsonObject {
  const word = row['STATUS'] ?? '';
  const [ready = 0, total = 0] = (row['READY'] ?? '').split('/').map(containers);
  const isLeaving = word === 'Terminating';
  const [restarts, endedAt] = restartsOf(row['RESTARTS'] ?? '', at);
  const names = Array.from({ length: total }, (_, index) => inventedName(index));
  const node = cell(row['NODE']);
  const ip = cell(row['IP']);
  return {
    metadata: { ...labelsOf(row), ...(isLeaving ? { deletionTimestamp: UNKNOWN_TIME } : {}) },
    spec: { containers: names.map((name) => ({ name })), ...(node === undefined ? {} : { nodeName: node }) },
    status: {
      phase: phaseOf(row, { restarts, endedAt, at }),
      ...(finished.has(word) ? { reason: word } : {}),
      ...(ip === undefined ? {} : { podIP: ip }),
      ...(isLeaving ? { isPart: true } : {}),
      ...initStatuses(word),
      ...(hasStatuses(word) ? { containerStatuses: statuses({ names, ready, restarts, word, endedAt }) } : {}),
    },
  };
}

/** `14 (4m ago)`: how often, and when the container last ended; how it ended no row tells. */
function restartsOf(text: string, at: string): [restarts: number | undefined, endedAt: string | undefined] {
  const [, times, ago = ''] = /^(\d+)(?: \((\S+) ago\))?/.exec(text) ?? [];
  const seconds = ageSeconds(ago);
  return [times === undefined ? undefined : Number(times), seconds === undefined ? undefined : before(at, seconds)];
}

const cell = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || text === '<none>' ? undefined : text;

const hasStatuses = (word: string): boolean => !waitsFor.has(word) && !finished.has(word) && !word.startsWith('Init:');

type Counted = {
  names: string[];
  ready: number;
  restarts: number | undefined;
  word: string;
  endedAt: string | undefined;
};

function statuses({ names, ready, restarts, word, endedAt }: Counted): JsonObject[] {
  const isDown = (index: number) => index >= ready;
  const carrier = Math.min(ready, Math.max(names.length - 1, 0));
  return names.map((name, index) => ({
    name,
    ready: !isDown(index),
    ...(restarts === undefined ? {} : { restartCount: index === carrier ? restarts : 0 }),
    state: isDown(index) ? stateOf(word) : { running: {} },
    ...(index === carrier && endedAt !== undefined ? { lastState: { terminated: { finishedAt: endedAt } } } : {}),
  }));
}

/** `Init:1/2` counts those that are done; `Init:Error` names what the current one does. */
function initStatuses(word: string): JsonObject {
  const [, rest = ''] = /^Init:(.+)$/.exec(word) ?? [];
  if (rest === '') return {};
  const [, done, all] = /^(\d+)\/(\d+)$/.exec(rest) ?? [];
  const finishedOnes = Array.from({ length: containers(done ?? '0') }, () => stateOf('Completed'));
  const current = all === undefined ? stateOf(rest) : { running: {} };
  const states = [...finishedOnes, current].slice(0, all === undefined ? undefined : containers(all));
  return {
    initContainerStatuses: states.map((state, index) => ({
      name: inventedName(index, true),
      ready: false,
      restartCount: 0,
      state,
    })),
  };
}
