import {
  type Event,
  type IncidentState,
  LIMIT_FORECAST,
  type Severity,
  type Subject,
} from '@aetherius/shared/contracts';

/** The best evidence so far: where its bundle is stored and how much it holds. */
export type Evidence = { hash: string; weight: number; at: string };

/** One reason for which something was called broken. */
type Cause = { reason: string; severity: Severity; first_at: string };

/** The weight of evidence that is a forecast only: less than that of anything that has happened. */
export const FORECAST = -1;

/** What the facts about one broken thing add up to; the times of a fault that is foretold stand apart from those of one that is there. */
export type Tally = {
  opened_at: string | null;
  last_seen_at: string | null;
  last_clear_at: string | null;
  foreseen_at: string | null;
  averted_at: string | null;
  severity: Severity | null;
  reasons: string[];
  causes: Cause[];
  nodes: string[];
  hits: number;
  events: number;
  evidence: Evidence | null;
};

/** One event as correlation sees it. */
export type Fact = Pick<
  Event,
  'cluster_id' | 'fingerprint' | 'type' | 'signal' | 'severity' | 'reason' | 'node' | 'timestamp'
> & {
  evidence: Evidence | null;
  traceparent?: string | null;
};

/** One row of the incident table: the tally, and how far a run has come with it. */
export type IncidentRow = Tally & {
  id: string;
  episode: number;
  cluster_id: string;
  fingerprint: string;
  subject: Subject;
  closed_at: string | null;
  state: IncidentState;
  category: string | null;
  /** What a run has just found out; null leaves what is stored. */
  diagnosis: unknown;
  action: string | null;
  outcome: string | null;
  run_id: string | null;
  merged_into: string | null;
  clear_told: boolean;
  /** Where in a trace the event was stored that opened it. */
  traceparent: string | null;
  updated_at: string;
};

/** A row before and after: what announces itself is decided from the difference. */
export type Change = { before: IncidentRow | undefined; after: IncidentRow };

const rank: Record<Severity, number> = { critical: 3, high: 2, medium: 1, low: 0 };
const MOST_CAUSES = 64;
const MOST_NODES = 8;

const time = (at: string): number => Date.parse(at);
const pick = (a: string | null, b: string | null, better: (x: number, y: number) => boolean): string | null => {
  if (a === null || b === null) return a ?? b;
  return better(time(a), time(b)) ? a : b;
};
const earlier = (a: string | null, b: string | null) => pick(a, b, (x, y) => x <= y);
const later = (a: string | null, b: string | null) => pick(a, b, (x, y) => x >= y);
const worse = (a: Severity | null, b: Severity | null): Severity | null => {
  if (a === null || b === null) return a ?? b;
  return rank[a] >= rank[b] ? a : b;
};

/** Below zero when `a` is the richer evidence; the newer on a tie, and the hash so that the order is total. */
function compareEvidence(a: Evidence, b: Evidence): number {
  return b.weight - a.weight || time(b.at) - time(a.at) || (a.hash < b.hash ? -1 : Number(a.hash > b.hash));
}

function richer(a: Evidence | null, b: Evidence | null): Evidence | null {
  if (a === null || b === null) return a ?? b;
  return compareEvidence(a, b) <= 0 ? a : b;
}

/** The cap keeps the first names of the alphabet: unlike "the first to come", that does not depend on the order of delivery. */
function joinCauses(a: Cause[], b: Cause[]): Cause[] {
  const all = new Map(a.map((cause) => [cause.reason, cause]));
  for (const cause of b) {
    const known = all.get(cause.reason);
    const joined = known && {
      reason: cause.reason,
      severity: worse(known.severity, cause.severity) ?? cause.severity,
      first_at: earlier(known.first_at, cause.first_at) ?? cause.first_at,
    };
    all.set(cause.reason, joined ?? cause);
  }
  return [...all.values()].sort((x, y) => (x.reason < y.reason ? -1 : 1)).slice(0, MOST_CAUSES);
}

/** The gravest reason first, then the one that came first. */
const inOrder = (causes: Cause[]): string[] =>
  causes
    .toSorted((a, b) => rank[b.severity] - rank[a.severity] || time(a.first_at) - time(b.first_at))
    .map((cause) => cause.reason);

/** The tally of no fact at all. */
export const emptyTally: Tally = {
  opened_at: null,
  last_seen_at: null,
  last_clear_at: null,
  foreseen_at: null,
  averted_at: null,
  severity: null,
  reasons: [],
  causes: [],
  nodes: [],
  hits: 0,
  events: 0,
  evidence: null,
};

const isForecast = ({ type, reason }: Fact): boolean => type === 'anomaly' && reason === LIMIT_FORECAST;

/** When a fault was seen, by those that also say when it is over: what nobody clears must not keep an incident open. */
function seenBy(fact: Fact, opens: boolean): Partial<Tally> {
  if (isForecast(fact)) return opens ? { foreseen_at: fact.timestamp } : {};
  return fact.type === 'anomaly' || fact.type === 'alert' ? {} : { last_seen_at: fact.timestamp };
}

/** The tally of one fact. Only critical and high faults open an incident; weaker ones feed one. */
export function tallyOf(fact: Fact): Tally {
  const heard = { ...emptyTally, events: 1, evidence: fact.evidence };
  if (fact.signal === 'clear') return { ...heard, [isForecast(fact) ? 'averted_at' : 'last_clear_at']: fact.timestamp };
  if (fact.signal === 'info') return heard;
  const opens = rank[fact.severity] >= rank.high;
  return {
    ...heard,
    opened_at: opens ? fact.timestamp : null,
    ...seenBy(fact, opens),
    severity: fact.severity,
    reasons: [fact.reason],
    causes: [{ reason: fact.reason, severity: fact.severity, first_at: fact.timestamp }],
    nodes: fact.node === null ? [] : [fact.node],
    hits: 1,
  };
}

/** Adds two tallies. Associative and commutative, so that order and grouping of deliveries cannot matter. */
export function joinTallies(a: Tally, b: Tally): Tally {
  const causes = joinCauses(a.causes, b.causes);
  return {
    opened_at: earlier(a.opened_at, b.opened_at),
    last_seen_at: later(a.last_seen_at, b.last_seen_at),
    last_clear_at: later(a.last_clear_at, b.last_clear_at),
    foreseen_at: later(a.foreseen_at, b.foreseen_at),
    averted_at: later(a.averted_at, b.averted_at),
    severity: worse(a.severity, b.severity),
    reasons: inOrder(causes),
    causes,
    nodes: [...new Set([...a.nodes, ...b.nodes])].sort().slice(0, MOST_NODES),
    hits: a.hits + b.hits,
    events: a.events + b.events,
    evidence: richer(a.evidence, b.evidence),
  };
}

const isOver = (began: string | null, ended: string | null): boolean =>
  began === null || (ended !== null && time(ended) > time(began));

/** When it was last said that all is over: that it is well, or that what was foretold will not come. */
export const clearedAt = ({ last_clear_at, averted_at }: Tally): string | null => later(last_clear_at, averted_at);

/** A clear counts only when it is later than the last fault; neither ends what is foretold, nor a forecast what is there. */
export const isCleared = (tally: Tally): boolean =>
  clearedAt(tally) !== null &&
  isOver(tally.last_seen_at, tally.last_clear_at) &&
  isOver(tally.foreseen_at, tally.averted_at);

/** What a fingerprint speaks of; undefined when it is none of this cluster. */
export function subjectOf(fingerprint: string, cluster: string): Subject | undefined {
  const [owner, namespace, kind, ...name] = fingerprint.split('/');
  if (owner !== cluster || !namespace || !kind || name.join('/') === '') return undefined;
  return { kind, namespace: namespace === '_' ? null : namespace, name: name.join('/') };
}

/** The fingerprint of the node that a fact lies on. */
export const nodeFingerprint = (cluster: string, node: string): string => `${cluster}/_/Node/${node}`;

const newRow = (fact: Fact, known: { id: string; episode: number }): IncidentRow => ({
  ...emptyTally,
  ...known,
  cluster_id: fact.cluster_id,
  fingerprint: fact.fingerprint,
  subject: subjectOf(fact.fingerprint, fact.cluster_id) ?? { kind: 'Unknown', namespace: null, name: fact.fingerprint },
  closed_at: null,
  state: 'open',
  category: null,
  diagnosis: null,
  action: null,
  outcome: null,
  run_id: null,
  merged_into: null,
  clear_told: false,
  traceparent: null,
  updated_at: fact.timestamp,
});

/** The episode that a fact belongs to: the first that had not closed by then, or a new one after the last. */
function rowOf(episodes: IncidentRow[], fact: Fact, newId: () => string): IncidentRow {
  const found = episodes.find((row) => row.closed_at === null || time(fact.timestamp) <= time(row.closed_at));
  if (found !== undefined) return found;
  const last = episodes.at(-1);
  const row = newRow(fact, { id: last?.id ?? newId(), episode: (last?.episode ?? 0) + 1 });
  episodes.push(row);
  return row;
}

/** Moves the known incidents by facts that are new to us; returns the rows that changed. */
export function correlate(known: readonly IncidentRow[], facts: readonly Fact[], newId: () => string): Change[] {
  const before = new Map(known.map((row) => [key(row), row]));
  const episodes = Map.groupBy(
    known.toSorted((a, b) => a.episode - b.episode),
    (row) => row.fingerprint,
  );
  const sums = new Map<string, Tally>();
  const touched = new Map<string, IncidentRow>();
  const openers = new Map<string, string>();
  for (const fact of facts) {
    const rows = episodes.get(fact.fingerprint) ?? [];
    episodes.set(fact.fingerprint, rows);
    const row = rowOf(rows, fact, newId);
    touched.set(key(row), row);
    const tally = tallyOf(fact);
    if (tally.opened_at !== null && fact.traceparent != null && !openers.has(key(row)))
      openers.set(key(row), fact.traceparent);
    sums.set(key(row), joinTallies(sums.get(key(row)) ?? emptyTally, tally));
  }
  return [...touched].map(([id, row]) => {
    const opened = { ...row, traceparent: row.traceparent ?? openers.get(id) ?? null };
    return { before: before.get(id), after: moved(opened, sums.get(id) ?? emptyTally) };
  });
}

function moved(row: IncidentRow, sum: Tally): IncidentRow {
  const tally = joinTallies(row, sum);
  return { ...row, ...tally, clear_told: row.clear_told && isCleared(tally) };
}

const key = (row: IncidentRow): string => `${row.fingerprint}#${row.episode}`;
