import { deserialize, serialize } from 'node:v8';
import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import { aegisops } from './joint-watch.ts';
import type { Observation } from './observation.ts';
import type { WatchState } from './watch.ts';

/** Goes up with every change of what a state holds: a detector whose state is of another form learns anew. */
const FORM = 2;

/** A point as a detector is fed with it; null is no data. */
export type FedPoint = Observation['points'][number];
type Written = { id: string; lastAt: number; revision: number };

/** A state, and the points that were fed since; `revision` tells a second process that the first was there. */
export type StoredWatch = Written & { state: WatchState | undefined; tail: FedPoint[] };
type Whole = Written & { observation: Observation; state: WatchState };
type More = Written & { points: readonly FedPoint[] };

export type WatchStore = ReturnType<typeof createWatchStore>;

/** A state as it is stored: its numbers stay binary, as text they would be several times as long. */
export const packed = (state: WatchState): Buffer => serialize({ form: FORM, state });

/** What was packed, or undefined where it has another form. */
function unpacked(bytes: Buffer): WatchState | undefined {
  const { form, state } = deserialize(bytes) as { form: number; state: WatchState };
  return form === FORM ? state : undefined;
}

/** Points as rows of numbers, the time first; NaN is no data. */
const rowsOf = (points: readonly FedPoint[]): Buffer => {
  const numbers = points.flatMap(({ at, values }) => [at, ...values.map((one) => one ?? Number.NaN)]);
  return Buffer.from(Float64Array.from(numbers).buffer);
};

function pointsOf(rows: Buffer, features: number): FedPoint[] {
  const numbers = new Float64Array(Uint8Array.from(rows).buffer);
  const width = 1 + features;
  return Array.from({ length: numbers.length / width }, (_, row) => {
    const [at = Number.NaN, ...values] = numbers.subarray(row * width, (row + 1) * width);
    return { at, values: values.map((one) => (Number.isNaN(one) ? null : one)) };
  });
}

type Row = Pick<Observation, 'kind'> & { id: string; state: Buffer; tail: Buffer; last_at: string; revision: number };

/** Detectors in the database: a whole state from time to time, and every point in between. */
export const createWatchStore = (db: Db) => ({
  find: async (ids: readonly string[]): Promise<StoredWatch[]> => {
    const rows = await db.many<Row>(
      sql`select id, kind, state, tail, last_at, revision from detector where id = any(${[...ids]})`,
    );
    return rows.map(({ id, kind, state, tail, last_at, revision }) => ({
      id,
      revision,
      lastAt: Date.parse(last_at),
      state: unpacked(state),
      tail: pointsOf(tail, kind === 'aegisops' ? aegisops.features.length : 1),
    }));
  },

  /** Writes a whole state as the next revision; false when another process has written that one. */
  save: async (tx: Tx, { id, observation, state, lastAt, revision }: Whole): Promise<boolean> => {
    const { cluster, kind, series, subject } = observation;
    const written = await tx.run(sql`
    insert into detector (id, cluster_id, kind, series, subject, state, last_at, revision)
    values (${id}, ${cluster}, ${kind}, ${sql.json(series)}::jsonb, ${sql.json(subject)}::jsonb, ${packed(state)},
      ${new Date(lastAt)}, ${revision + 1})
    on conflict (id) do update
      set state = excluded.state, tail = '', last_at = excluded.last_at, revision = excluded.revision
    where detector.revision = ${revision}`);
    return written === 1;
  },

  /** Adds points to many in one statement; returns those that got their next revision from this process. */
  add: async (tx: Tx, more: readonly More[]): Promise<Set<string>> => {
    const rows = more.map(({ id, revision, lastAt, points }) => ({
      id,
      revision,
      last_at: new Date(lastAt),
      tail: rowsOf(points).toString('base64'),
    }));
    const written = await tx.many<{ id: string }>(sql`
    update detector w
    set tail = w.tail || decode(r.tail, 'base64'), last_at = r.last_at, revision = w.revision + 1
    from jsonb_to_recordset(${sql.json(rows)}::jsonb) as r(id text, last_at timestamptz, tail text, revision integer)
    where w.id = r.id and w.revision = r.revision
    returning w.id`);
    return new Set(written.map(({ id }) => id));
  },
});
