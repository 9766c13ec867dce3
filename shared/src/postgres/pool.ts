import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Registry } from 'prom-client';
import { AetheriusError, errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { firstAnswer, systemClock } from '../service/index.ts';
import { unavailableWhenAway } from './away.ts';
import { withPlainMode } from './database-address.ts';
import { type Admitted, followPasswordFile } from './password-file.ts';
import { exposePool, exposeServer } from './pool-metrics.ts';
import type { Query } from './sql.ts';
import { isLasting, unreachable } from './unreachable.ts';

/** What can be asked of the database, in or out of a transaction. */
export type Tx = {
  many<T>(query: Query): Promise<T[]>;
  one<T>(query: Query): Promise<T>;
  maybe<T>(query: Query): Promise<T | undefined>;
  run(query: Query): Promise<number>;
};
export type Db = Tx & {
  /** The same for statements that come again and again, prepared once in each session as those of a transaction are. */
  often: Tx;
  connect(): Promise<pg.PoolClient>;
  stop(): Promise<void>;
};

const { builtins } = pg.types;

/** `2026-01-02 03:04:05.678+00` as RFC 3339 in UTC; microseconds are kept, a cursor needs them. */
const toRfc3339 = (text: string): string => text.replace(' ', 'T').replace(/\+00(:00)?$/, 'Z');

/** `01:02:03.5` or `3 days 00:00:01` as seconds with the unit. */
function toDuration(text: string): string {
  const [, days = '0', hours = '0', minutes = '0', rest = '0'] =
    /^(?:(-?\d+) days?\s*)?(?:(\d+):(\d+):([\d.]+))?$/.exec(text) ?? [];
  return `${Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)}s`;
}

const parsers: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: Number,
  [builtins.NUMERIC]: Number,
  [builtins.TIMESTAMPTZ]: toRfc3339,
  [builtins.DATE]: (text) => text,
  [builtins.INTERVAL]: toDuration,
};
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    parsers[oid] ?? (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format),
} as pg.CustomTypesConfig;

type Question = { text: string; values: unknown[]; name?: string };

const asksForUs = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3';

const MOST_PREPARED = 300;
const preparedNames = new Map<string, string>();

/**
 * Each session parses and plans a statement with a name once. Texts are those of the code, so there are few; whatever makes
 * texts without end gets no more names. A name is a hash of its text: where a pooler lends one session to several processes, a
 * name that another of them prepared can never stand for another statement. Several statements at once, as a migration has
 * them, cannot be prepared.
 */
function nameOf(text: string): { name?: string } {
  if (text.includes(';')) return {};
  const known = preparedNames.get(text);
  if (known !== undefined) return { name: known };
  if (preparedNames.size >= MOST_PREPARED) return {};
  const name = createHash('sha256').update(text).digest('hex').slice(0, 40);
  preparedNames.set(text, name);
  return { name };
}

/** The four questions over one connection or the pool. While the database is away they fail as what is worth another try. */
export function asking(
  target: { query(question: Question): Promise<pg.QueryResult> },
  { prepared }: { prepared: boolean },
): Tx {
  const ask = ({ text, values }: Query) =>
    unavailableWhenAway(target.query({ text, values: [...values], ...(prepared ? nameOf(text) : {}) }));
  const many = async <T>(query: Query) => (await ask(query)).rows as T[];
  return {
    many,
    maybe: async <T>(query: Query) => (await many<T>(query))[0],
    one: async <T>(query: Query) => {
      const [row] = await many<T>(query);
      if (row === undefined) throw errors.not_found({ query: query.text.trim().slice(0, 80) });
      return row;
    },
    run: async (query) => (await ask(query)).rowCount ?? 0,
  };
}

type Opening = {
  url: string;
  schema: string;
  max?: number;
  /** Takes the place of a password in `url`, and is read again when the server no longer takes the last one. */
  passwordFile?: string | undefined;
  metrics?: Registry;
  /** Told that the database does not answer yet. */
  log?: Pick<Logger, 'warn'>;
};

/** A pool whose sessions see one schema and speak UTC; waits until the database answers, at most 15 s. */
export async function openPool({ url: given, schema, max = 10, passwordFile, metrics, log }: Opening): Promise<Db> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw errors.invalid_input({ schema });
  const url = withPlainMode(given);
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    // Compiling a statement to machine code takes longer than any of ours may run. A client whose machine is gone keeps its
    // locks until the server asks for it.
    options: `-c search_path=${schema} -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c jit=off ${asksForUs}`,
    connectionTimeoutMillis: 5_000,
  });
  // An idle connection that breaks (a restarted server) is replaced by the pool; unheard, the event would end the process.
  const figures = metrics === undefined ? undefined : exposePool(metrics, pool, max);
  pool.on('error', () => figures?.broken());
  try {
    const admitted = await admission(pool, { url, passwordFile });
    const query = (question: Question) => admitted(() => pool.query(question));
    const ask = async () => refuseOlder(await query({ text: SERVER_VERSION, values: [] }));
    const waits = (cause: unknown) =>
      log?.warn({ reason: unreachable(url, cause).message }, 'waiting for the database, at most 15 s');
    await firstAnswer({ ask, isLasting, waits, clock: systemClock });
    if (metrics !== undefined) exposeServer(metrics, (text) => query({ text, values: [] }));
    const connect = () => unavailableWhenAway(admitted(() => pool.connect()));
    const often = asking({ query }, { prepared: true });
    return { ...asking({ query }, { prepared: false }), often, connect, stop: () => pool.end() };
  } catch (cause) {
    await pool.end();
    throw cause instanceof AetheriusError ? cause : unreachable(url, cause);
  }
}

const admission = async (
  pool: pg.Pool,
  { url, passwordFile }: Pick<Opening, 'url' | 'passwordFile'>,
): Promise<Admitted> =>
  passwordFile === undefined
    ? (run) => run()
    : followPasswordFile({ url, file: passwordFile }, (connectionString) => {
        pool.options.connectionString = connectionString;
      });

const OLDEST_MAJOR = 15;
const SERVER_VERSION = `select current_setting('server_version_num')::int as version`;

/** Told at the start: what an older server lacks shows in some statement of some day. */
function refuseOlder({ rows }: pg.QueryResult<{ version: number }>): void {
  const major = Math.floor((rows[0]?.version ?? 0) / 10_000);
  if (major >= OLDEST_MAJOR) return;
  const reason = `the server is Postgres ${major}, and ${OLDEST_MAJOR} is the oldest that has what the services use`;
  const way_out = 'bring the server to a newer version, or set DATABASE_URL to one that is';
  throw errors.unavailable({ part: 'postgres', reason, way_out });
}
