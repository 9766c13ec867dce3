import type { Strategy } from '@aetherius/shared/contracts';
import { sql, type Tx } from '@aetherius/shared/postgres';
import { hashOf } from '../engine/hash.ts';
import type { Origin } from './definition-store.ts';

export type StoredStrategy = Strategy & { origin: Origin; version: number; updated_at: string };
type Row = { body: Strategy; origin: Origin; version: number; updated_at: string };

const flat = ({ body, ...rest }: Row): StoredStrategy => ({ ...body, ...rest });

/** Which incidents are answered how; one row per name. */
export const strategyStore = {
  all: async (tx: Tx): Promise<StoredStrategy[]> =>
    (await tx.many<Row>(sql`select body, origin, version, updated_at from strategy order by name`)).map(flat),

  /** The strategies alone, as they are matched and kept with a run. */
  bodies: async (tx: Tx): Promise<Strategy[]> =>
    (await tx.many<Pick<Row, 'body'>>(sql`select body from strategy order by name`)).map(({ body }) => body),

  one: async (tx: Tx, name: string): Promise<StoredStrategy | undefined> => {
    const row = await tx.maybe<Row>(sql`select body, origin, version, updated_at from strategy where name = ${name}`);
    return row === undefined ? undefined : flat(row);
  },

  put: async (tx: Tx, strategy: Strategy): Promise<StoredStrategy> =>
    flat(
      await tx.one<Row>(sql`
        insert into strategy (name, hash, body, origin) values (${strategy.name}, ${hashOf(strategy)}, ${strategy}, 'rest')
        on conflict (name) do update set body = excluded.body, hash = excluded.hash, origin = 'rest',
          version = strategy.version + 1, updated_at = now()
        returning body, origin, version, updated_at`),
    ),

  /** A file never undoes what a person changed over REST. */
  importFile: (tx: Tx, strategy: Strategy): Promise<number> =>
    tx.run(sql`
      insert into strategy (name, hash, body, origin) values (${strategy.name}, ${hashOf(strategy)}, ${strategy}, 'file')
      on conflict (name) do update set body = excluded.body, hash = excluded.hash, version = strategy.version + 1, updated_at = now()
      where strategy.origin = 'file' and strategy.hash <> excluded.hash`),

  /** Keeps which strategies the files name, whoever changed them since. */
  markShipped: (tx: Tx, names: readonly string[]): Promise<number> =>
    tx.run(sql`update strategy set shipped = (name = any(${names})) where shipped <> (name = any(${names}))`),

  /** Never one that a file names: the next start would bring it back as the file has it, however it was changed. */
  remove: (tx: Tx, name: string): Promise<number> =>
    tx.run(sql`delete from strategy where name = ${name} and origin = 'rest' and not shipped`),
} as const;
