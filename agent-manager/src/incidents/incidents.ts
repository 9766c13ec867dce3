import type { Bundle, InternalEvent, RunProgress } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { type Db, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { inTrace } from '@aetherius/shared/tracing';
import { advance, closed } from './advance.ts';
import { announcement, announcementSubject, settled } from './announce.ts';
import { type Change, correlate, type Fact, type IncidentRow, nodeFingerprint } from './correlate.ts';
import { incidentStore as store } from './incident-store.ts';
import { endedWithHost, placed } from './merge.ts';

type Deps = {
  db: Db;
  newId: () => string;
  now: () => Date;
  log: Logger;
  bundles: (tx: Tx, hashes: readonly string[]) => Promise<Map<string, Bundle>>;
};

const FAINT_MS = 3_600_000;
/** How long a clear has to hold before it closes an incident: a crash loop looks well between two crashes. */
const QUIET_MS = 15_000;
/** So many are settled in one transaction: it costs about the same for all of them as for one, and holds their locks a little longer. */
const SETTLED_TOGETHER = 100;

/** Moves incidents by events, runs, time and people; each change is announced once, in the transaction that makes it. */
export type Incidents = ReturnType<typeof createIncidents>;

export function createIncidents(deps: Deps) {
  const { db, newId, now } = deps;
  return {
    /** Takes facts that are new to us; the caller's transaction stores their events. */
    record: async (tx: Tx, facts: readonly Fact[]): Promise<void> => {
      const fingerprints = new Set(facts.map((fact) => fact.fingerprint));
      const named = facts.flatMap((fact) => (fact.node === null ? [] : [nodeFingerprint(fact.cluster_id, fact.node)]));
      await store.lock(tx, [...fingerprints, ...named]);
      const known = await store.load(tx, fingerprints);
      const changes = correlate(known, facts, newId);
      // Nodes that only earlier facts named are read without their lock; should one change meanwhile, `settle` sees it.
      const hosts = changes.flatMap(({ after }) => after.nodes.map((node) => nodeFingerprint(after.cluster_id, node)));
      const nodes = await store.load(
        tx,
        hosts.filter((host) => !fingerprints.has(host)),
      );
      await apply(deps, tx, placedAmong(changes, [...known, ...nodes]));
    },

    /** Closes what has stayed clear, merges what belongs to a node and takes apart what no longer does. */
    settle: async (quietMs = QUIET_MS): Promise<void> => {
      const held = new Date(now().getTime() - quietMs);
      const fingerprints = await store.unsettled(db.often, held);
      for (let at = 0; at < fingerprints.length; at += SETTLED_TOGETHER)
        await settleTogether(deps, { fingerprints: fingerprints.slice(at, at + SETTLED_TOGETHER), held });
    },

    /**
     * Closes what is open in clusters that were shut out, since nobody will ever say that it is over; how many. Called again and
     * again: what lay on the bus when a cluster was shut out may open an incident afterwards.
     */
    closeRevoked: (): Promise<number> => closeAllRevoked(deps),

    /** Forgets signals that were too weak to open anything and have been quiet for an hour. */
    forgetFaint: (): Promise<number> => store.forgetFaint(db, new Date(now().getTime() - FAINT_MS)),

    /** Steps of runs in the order in which they came; one whose revision does not rise is ignored. */
    progress: async (steps: readonly RunProgress[]): Promise<void> => {
      await withTransaction(db, (tx) => follow(tx, steps, now()));
    },

    /** A person declares an incident over; its run, if any, is told. */
    close: async (id: string, also: (tx: Tx) => Promise<unknown>): Promise<void> => {
      await withTransaction(db, async (tx) => {
        const [fingerprint] = await store.fingerprintsOf(tx, [id]);
        if (fingerprint === undefined) throw errors.not_found({ incident: id });
        await store.lock(tx, [fingerprint]);
        const row = (await store.load(tx, [fingerprint])).find((one) => one.opened_at !== null);
        if (row === undefined) throw errors.not_found({ incident: id });
        if (row.closed_at !== null) throw errors.conflict({ incident: id, reason: 'it is closed already' });
        const after = closed({ ...row, merged_into: null }, now().toISOString(), 'closed');
        await apply(deps, tx, [{ before: { ...row, merged_into: null }, after }]);
        await also(tx);
      });
    },
  };
}

async function closeAllRevoked(deps: Deps): Promise<number> {
  for (let all = 0; ; ) {
    const count = await withTransaction(deps.db, (tx) => closeSomeRevoked(deps, tx));
    all += count;
    if (count < SETTLED_TOGETHER) return all;
  }
}

async function closeSomeRevoked(deps: Deps, tx: Tx): Promise<number> {
  const fingerprints = await store.ofRevoked(tx, SETTLED_TOGETHER);
  if (fingerprints.length === 0) return 0;
  await store.lock(tx, fingerprints);
  const open = (await store.load(tx, fingerprints)).filter((row) => row.opened_at !== null && row.closed_at === null);
  const at = deps.now().toISOString();
  await apply(
    deps,
    tx,
    open.map((before) => ({ before, after: closed(before, at, 'cluster_revoked') })),
  );
  return fingerprints.length;
}

async function follow(tx: Tx, steps: readonly RunProgress[], at: Date): Promise<void> {
  const ids = steps.map(({ incident_id }) => incident_id);
  await store.lock(tx, await store.fingerprintsOf(tx, ids));
  const rows = new Map((await store.episodes(tx, steps)).map((row) => [episodeKey(row.id, row.episode), row]));
  const moved = new Map<string, IncidentRow>();
  for (const step of await store.recordProgress(tx, steps)) {
    const key = episodeKey(step.incident_id, step.episode);
    const row = moved.get(key) ?? rows.get(key);
    if (row !== undefined) moved.set(key, advance(row, step));
  }
  const stray = steps.find(({ incident_id, episode }) => !rows.has(episodeKey(incident_id, episode)));
  if (stray !== undefined) throw errors.not_found({ incident_id: stray.incident_id, episode: stray.episode });
  await store.save(tx, [...moved.values()], at);
}

const episodeKey = (id: string, episode: number): string => `${id}#${episode}`;

/** Each change with the node incident that its own belongs to, if any, as all stand after this batch. */
function placedAmong(changes: readonly Change[], known: readonly IncidentRow[]): Change[] {
  const rows = [...known, ...changes.map((change) => change.after)];
  const current = [...new Map(rows.map((row) => [`${row.fingerprint}#${row.episode}`, row])).values()];
  return changes.flatMap((change) => placed(change, current));
}

type Settling = { fingerprints: readonly string[]; held: Date };

/** One that cannot be settled must not keep the others from it: then each is tried alone. */
async function settleTogether(deps: Deps, { fingerprints, held }: Settling): Promise<void> {
  try {
    await withTransaction(deps.db, (tx) => settleAll(deps, tx, { fingerprints, held }));
  } catch (error) {
    if (fingerprints.length === 1) throw error;
    for (const fingerprint of fingerprints) await settleTogether(deps, { fingerprints: [fingerprint], held });
  }
}

async function settleAll(deps: Deps, tx: Tx, { fingerprints, held }: Settling): Promise<void> {
  const seen = await store.load(tx, fingerprints);
  const hosts = seen.flatMap((row) => row.nodes.map((node) => nodeFingerprint(row.cluster_id, node)));
  await store.lock(tx, [...fingerprints, ...hosts]);
  const rows = await store.load(tx, [...fingerprints, ...hosts]);
  const unsettled = new Set(fingerprints);
  const open = rows.filter((row) => unsettled.has(row.fingerprint) && row.closed_at === null && row.opened_at !== null);
  const changes = open.flatMap((before) => settling(before, { rows, held }));
  if (changes.length > 0) await apply(deps, tx, changes);
}

/** How an open incident moves among the others, which stand as they did before this transaction. */
const settling = (before: IncidentRow, { rows, held }: { rows: readonly IncidentRow[]; held: Date }): Change[] =>
  placed({ before, after: before }, rows)
    .map(({ before: from, after }) => ({
      before: from,
      after: after.merged_into === null ? settled(after, held) : endedWithHost(after, rows),
    }))
    .filter((change) => change.after !== change.before);

async function apply({ bundles, now, log }: Deps, tx: Tx, changes: readonly Change[]): Promise<void> {
  await store.save(
    tx,
    changes.map((change) => change.after),
    now(),
  );
  const news = changes.flatMap((change) => {
    const phase = announcement(change);
    return phase === undefined ? [] : [{ phase, row: change.after }];
  });
  if (news.length === 0) return;
  const bodies = await bundles(
    tx,
    news.flatMap(({ row }) => (row.evidence === null ? [] : [row.evidence.hash])),
  );
  await store.announce(
    tx,
    news.map(({ phase, row }) => {
      const body = message({ phase, row, bodies, at: now() });
      return { row, subject: announcementSubject(row), body };
    }),
  );
  for (const { phase, row } of news) {
    const { id, episode, cluster_id, fingerprint, severity, reasons } = row;
    inTrace(row.traceparent, () =>
      log.info({ incident_id: id, episode, cluster_id, fingerprint, severity, reasons, phase }, 'an incident moved'),
    );
  }
}

type Announcing = { phase: InternalEvent['phase']; row: IncidentRow; bodies: Map<string, Bundle>; at: Date };

const message = ({ phase, row, bodies, at }: Announcing): InternalEvent => ({
  incident_id: row.id,
  episode: row.episode,
  phase,
  cluster_id: row.cluster_id,
  severity: row.severity ?? 'high',
  reason: row.reasons[0] ?? 'Unknown',
  reasons: row.reasons,
  subject: row.subject,
  at: at.toISOString(),
  bundle: row.evidence === null ? null : (bodies.get(row.evidence.hash) ?? null),
});
