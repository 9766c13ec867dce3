import type { Direction } from './deviation.ts';
import { wordsOf } from './words.ts';

/**
 * What a metric measures. Cause kinds say what a service itself suffers from; symptom kinds (latency, errors, success,
 * traffic, bytes on the network) also move when a neighbour is broken, so they never name a cause on their own.
 */
export type MetricKind =
  | 'cpu'
  | 'memory'
  | 'disk'
  | 'throttling'
  | 'restarts'
  | 'sockets'
  | 'packet_loss'
  | 'latency'
  | 'errors'
  | 'success'
  | 'traffic'
  | 'network'
  | 'other';

export type EdgeKind = 'caller_latency' | 'callee_latency' | 'gap' | 'traffic' | 'other';

type Row = {
  kind: MetricKind;
  role: 'cause' | 'symptom';
  direction: Direction;
  words: readonly string[];
  /** Whether it grows until a limit ends it, so that a slow rise is a cause. */
  fills?: true;
  /** Smallest scale when the metric is in percent of the limit. */
  percent_floor?: number;
  /** Smallest scale in any unit. */
  floor?: number;
};

/** The first row with a word of the name wins, so that what is narrow stands before what is wide. */
const TABLE: readonly Row[] = [
  { kind: 'throttling', role: 'cause', direction: 'up', words: ['throttled', 'throttling', 'throttle', 'throttles'] },
  { kind: 'restarts', role: 'cause', direction: 'up', floor: 0.2, words: ['restart', 'restarts'] },
  {
    kind: 'packet_loss',
    role: 'cause',
    direction: 'up',
    words: ['loss', 'lost', 'drop', 'drops', 'dropped', 'retransmit', 'retransmits', 'retransmitted', 'retransmission'],
  },
  {
    kind: 'success',
    role: 'symptom',
    direction: 'down',
    words: ['success', 'successes', 'successful', 'availability', 'sr'],
  },
  {
    kind: 'memory',
    role: 'cause',
    direction: 'up',
    fills: true,
    percent_floor: 1,
    words: ['memory', 'mem', 'heap', 'rss', 'pss', 'ram', 'oom', 'swap'],
  },
  {
    kind: 'cpu',
    role: 'cause',
    direction: 'up',
    percent_floor: 0.5,
    words: ['cpu', 'cpus', 'vcpu', 'mcpu', 'millicores', 'processor'],
  },
  {
    kind: 'errors',
    role: 'symptom',
    direction: 'up',
    words: [
      ...['error', 'errors', 'err', 'failed', 'failure', 'failures', 'fail', 'exceptions', 'exception', 'xx'],
      ...['fault', 'faults', 'timeout', 'timeouts', 'rejected', 'rejections', 'refused', 'aborted'],
    ],
  },
  {
    kind: 'latency',
    role: 'symptom',
    direction: 'up',
    words: ['latency', 'latencies', 'lat', 'duration', 'durations', 'rt', 'mrt', 'rtt', 'elapsed', 'delay'],
  },
  {
    kind: 'sockets',
    role: 'cause',
    direction: 'up',
    fills: true,
    words: ['socket', 'sockets', 'connection', 'connections', 'conns', 'fd', 'fds', 'descriptors'],
  },
  {
    kind: 'network',
    role: 'symptom',
    direction: 'both',
    words: ['network', 'net', 'receive', 'received', 'transmit', 'transmitted', 'rx', 'tx', 'packets', 'bandwidth'],
  },
  {
    kind: 'disk',
    role: 'cause',
    direction: 'up',
    fills: true,
    words: ['disk', 'diskio', 'disks', 'fs', 'filesystem', 'io', 'iops', 'blkio', 'volume', 'syscall', 'inodes'],
  },
  {
    kind: 'traffic',
    role: 'symptom',
    direction: 'both',
    words: [
      'requests',
      'request',
      'reqs',
      'req',
      'workload',
      'load',
      'rps',
      'qps',
      'tps',
      'ops',
      'traffic',
      'throughput',
      'calls',
    ],
  },
  {
    kind: 'traffic',
    role: 'symptom',
    direction: 'both',
    words: ['invocations', 'hits', 'queries', 'rr', 'count', 'volumes'],
  },
];

const phrases: readonly [RegExp, MetricKind][] = [
  [/(response|request|processing|query|service|wait|execution).?time(?!out|stamp)/i, 'latency'],
  [/page.?faults?/i, 'memory'],
  [/working.?set/i, 'memory'],
  [/(duration|latency).*_count$/i, 'traffic'],
  [/[45]xx|unhealthy/i, 'errors'],
];

/** Recognises a metric by its words; `other` when none is known. */
export function metricKind(name: string): MetricKind {
  const phrase = phrases.find(([pattern]) => pattern.test(name));
  if (phrase !== undefined) return phrase[1];
  const words = new Set(wordsOf(name));
  return TABLE.find((row) => row.words.some((word) => words.has(word)))?.kind ?? 'other';
}

const rowOf = (kind: MetricKind): Row | undefined => TABLE.find((row) => row.kind === kind);

export const isCause = (kind: MetricKind): boolean => rowOf(kind)?.role === 'cause';

/** Resources a service uses up, of which the second pass names one. */
export const isResource = (kind: MetricKind): boolean => ['cpu', 'memory', 'disk', 'sockets'].includes(kind);

/** Whether a resource is used up until a limit ends it, so that a slow rise of it is a cause. */
export const fillsUp = (kind: MetricKind): boolean => rowOf(kind)?.fills ?? false;

/** Words that turn a resource round: what is left of it falls when it is used up. */
const LEFT: ReadonlySet<string> = new Set(['free', 'freeable', 'available', 'avail', 'remaining', 'idle']);

/** The way that is bad; of what is left of a resource the name says so. */
export function directionOf(kind: MetricKind, name: string): Direction {
  const direction = rowOf(kind)?.direction ?? 'both';
  const turned = isResource(kind) && wordsOf(name).some((word) => LEFT.has(word));
  return turned ? 'down' : direction;
}

/** The limit of a resource whose name says that it is a share, in its own unit; undefined when none is known. */
export function limitOf(name: string, largest: number): number | undefined {
  const limit = largest > 1 ? 100 : 1;
  return /%|percent|pct|ratio|utili[sz]ation/i.test(name) && largest <= limit ? limit : undefined;
}

const inPercent = (name: string): boolean => /%|percent|pct/i.test(name);

/** Smallest scale of a metric in its own unit: half a point of CPU, a point of memory, where the name says percent. */
export function floorOf(kind: MetricKind, name: string): number {
  const row = rowOf(kind);
  return row?.floor ?? (inPercent(name) ? (row?.percent_floor ?? 0) : 0);
}

const callerSide = ['caller', 'client', 'source', 'outbound', 'upstream'];
const calleeSide = ['callee', 'server', 'destination', 'inbound', 'downstream'];
const gapWords = ['gap', 'network', 'transit', 'rtt', 'wire'];

/** Recognises a metric of calls; a latency that does not say whose clock it is from is the caller's. */
export function edgeKind(name: string): EdgeKind {
  const words = wordsOf(name);
  const has = (list: readonly string[]) => words.some((word) => list.includes(word));
  if (has(gapWords)) return 'gap';
  const kind = metricKind(name);
  if (kind === 'traffic') return 'traffic';
  if (kind !== 'latency') return 'other';
  return has(calleeSide) && !has(callerSide) ? 'callee_latency' : 'caller_latency';
}

/** Every word that may stand in a metric's name, for telling where in a column the name of the entity ends. */
export const metricWords: ReadonlySet<string> = new Set([
  ...TABLE.flatMap((row) => row.words),
  ...'container pod node process kube http grpc tcp p avg average mean max min sum total rate ratio percent pct usage used'.split(
    ' ',
  ),
  ...'seconds second ms us bytes byte kb mb mib gib millis milliseconds microseconds count bucket quantile utilization utilisation'.split(
    ' ',
  ),
  ...'working set cfs periods system user read reads write writes writes limit response time status code per bps mbps'.split(
    ' ',
  ),
  ...'current capacity available cache swap server client source destination caller callee rps xx % in out resident size'.split(
    ' ',
  ),
]);
