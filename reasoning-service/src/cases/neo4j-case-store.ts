import { errors } from '@aetherius/shared/errors';
import neo4j, { type Driver, isRetryableError } from 'neo4j-driver';
import type { KeptCase } from './case.ts';
import { type CaseCounts, type CaseStore, latestOfEach, wordsIn } from './case-store.ts';

export type Neo4jAccess = { uri: string; user?: string | undefined; password?: string | undefined };
type Ask = <T>(query: string, parameters?: Record<string, unknown>) => Promise<T[]>;

const schema = [
  'create constraint case_id if not exists for (c:Case) require c.id is unique',
  'create constraint symptom_name if not exists for (s:Symptom) require s.name is unique',
  'create constraint cause_name if not exists for (c:Cause) require c.category is unique',
  'create constraint remedy_name if not exists for (r:Remedy) require r.name is unique',
  'create constraint kind_name if not exists for (k:Kind) require k.name is unique',
  'create constraint edge_name if not exists for (e:Edge) require e.name is unique',
  'create index case_at if not exists for (c:Case) on (c.at)',
  "create fulltext index case_words if not exists for (c:Case) on each [c.title, c.summary, c.action] options { indexConfig: { `fulltext.analyzer`: 'english' } }",
  'call db.awaitIndexes(60)',
];

/** A case with everything around it, as one row. */
const whole = `
  call (c) { match (c)-[:SHOWS]->(s:Symptom) return collect(s.name) as symptoms }
  call (c) { match (c)-[:INVOLVES]->(k:Kind) return collect(k.name) as object_kinds }
  call (c) { match (c)-[:CONNECTED_BY]->(e:Edge) return collect(e.name) as edges }
  call (c) { match (c)-[n:ENDED]->(:Remedy) with n order by n.at desc limit 200 return collect({ worked: n.worked, at: n.at }) as ends }
  match (c)-[:HAS_CAUSE]->(cause:Cause)`;
const row = `return c { .id, .incident_id, .source, .title, .subject_kind, .summary, .action, .outcome, .at,
  category: cause.category, symptoms: symptoms, object_kinds: object_kinds, edges: edges, ends: ends } as found`;

/** Times of cases are compared as text, so all have the same form. */
const inUtc = (at: string): string => new Date(at).toISOString();

/** Cases as a graph: what a case shows, involves and was caused by are nodes that other cases share. The server may come later. */
export function openNeo4jCaseStore(access: Neo4jAccess): CaseStore & { stop(): Promise<void> } {
  const driver = connect(access);
  return { ...createNeo4jCaseStore(prepared(askingOf(driver))), stop: () => driver.close() };
}

/** Constraints and indexes are made before anything else is asked of a server, and of one that was away again: it may be empty. */
function prepared(ask: Ask): Ask {
  let preparing: Promise<void> | undefined;
  const prepare = async () => {
    for (const statement of schema) await ask(statement);
  };
  return async <T>(query: string, parameters?: Record<string, unknown>) => {
    preparing ??= prepare();
    try {
      await preparing;
      return await ask<T>(query, parameters);
    } catch (error) {
      preparing = undefined;
      throw error;
    }
  };
}

/** User and password may stand in the address, as the launcher writes it, or apart. */
function connect({ uri, user, password }: Neo4jAccess): Driver {
  const address = new URL(uri);
  const name = user ?? decodeURIComponent(address.username);
  const secret = password ?? decodeURIComponent(address.password);
  const auth = name === '' ? undefined : neo4j.auth.basic(name, secret);
  return neo4j.driver(`${address.protocol}//${address.host}`, auth, {
    disableLosslessIntegers: true,
    connectionTimeout: 5_000,
    connectionAcquisitionTimeout: 10_000,
    maxTransactionRetryTime: 5_000,
    telemetryDisabled: true,
  });
}

const askingOf =
  (driver: Driver): Ask =>
  async <T>(query: string, parameters: Record<string, unknown> = {}) => {
    try {
      const { records } = await driver.executeQuery(query, parameters);
      return records.map((record) => record.toObject() as T);
    } catch (cause) {
      if (!(cause instanceof Error) || !(isRetryableError(cause) || isConnection(cause))) throw cause;
      throw errors.unavailable({ part: 'neo4j', reason: cause.message }, { cause });
    }
  };

const isConnection = (error: Error): boolean =>
  /ServiceUnavailable|SessionExpired|Security/.test(String((error as { code?: unknown }).code));

const createNeo4jCaseStore = (ask: Ask): CaseStore => ({
  kind: 'neo4j',
  keep: async (cases) => {
    const rows = latestOfEach(cases).map((one) => ({ ...one, at: inUtc(one.at) }));
    await ask(
      `unwind $rows as row
      merge (c:Case { id: row.id })
      with c, row where c.at is null or c.at <= row.at
      set c.incident_id = row.incident_id, c.source = row.source, c.title = row.title, c.subject_kind = row.subject_kind,
        c.summary = row.summary, c.action = row.action, c.outcome = row.outcome, c.at = row.at
      with c, row
      call (c) { match (c)-[old:SHOWS|INVOLVES|CONNECTED_BY|HAS_CAUSE]->() delete old }
      merge (cause:Cause { category: row.category }) merge (c)-[:HAS_CAUSE]->(cause)
      foreach (name in row.symptoms | merge (s:Symptom { name: name }) merge (c)-[:SHOWS]->(s))
      foreach (name in row.object_kinds | merge (k:Kind { name: name }) merge (c)-[:INVOLVES]->(k))
      foreach (name in row.edges | merge (e:Edge { name: name }) merge (c)-[:CONNECTED_BY]->(e))`,
      { rows },
    );
  },
  note: async (noted) => {
    if (noted.length === 0) return;
    await ask(
      `unwind $rows as row
      match (c:Case { id: row.case_id })
      merge (r:Remedy { name: coalesce(c.action, 'none') })
      merge (c)-[n:ENDED { feedback_id: row.feedback_id }]->(r)
      on create set n.worked = row.worked, n.at = row.at`,
      { rows: noted.map((end) => ({ ...end, at: inUtc(end.at) })) },
    );
  },
  candidates: async ({ category, symptoms }, most) =>
    found(
      await ask(
        `match (c:Case)-[:HAS_CAUSE]->(own:Cause)
        where own.category = $category or exists { (c)-[:SHOWS]->(s:Symptom) where s.name in $symptoms }
        with c, own.category = $category as same, count { (c)-[:SHOWS]->(s:Symptom) where s.name in $symptoms } as shared
        order by shared desc, same desc, c.at desc, c.id limit toInteger($most)
        ${whole} ${row} order by shared desc, same desc, c.at desc, c.id`,
        { category, symptoms, most },
      ),
    ),
  search: async (text, most) => {
    const words = wordsIn(text).map((word) => `"${word}"`);
    if (words.length === 0) return [];
    return found(
      await ask(
        `call db.index.fulltext.queryNodes('case_words', $asked) yield node as c, score
        with c, score order by score desc, c.at desc, c.id limit toInteger($most)
        ${whole} ${row} order by score desc, c.at desc, c.id`,
        { asked: words.join(' OR '), most },
      ),
    );
  },
  list: async ({ limit, before }) =>
    found(
      await ask(
        `match (c:Case)
        where $at is null or c.at < $at or (c.at = $at and c.id < $id)
        with c order by c.at desc, c.id desc limit toInteger($limit)
        ${whole} ${row} order by c.at desc, c.id desc`,
        { at: before === undefined ? null : inUtc(before.at), id: before?.id ?? null, limit },
      ),
    ),
  count: async () => {
    const [counts] = await ask<CaseCounts>(
      `return count { (:Case) } as cases, count { (:Symptom) } as symptoms, count { (:Case)-[:ENDED]->() } as ends`,
    );
    if (counts === undefined) throw errors.unavailable({ part: 'neo4j', reason: 'no counts' });
    return counts;
  },
});

const found = (rows: readonly unknown[]): KeptCase[] => rows.map((one) => (one as { found: KeptCase }).found);
