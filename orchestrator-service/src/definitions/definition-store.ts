import type { WorkflowDefinition } from '@aetherius/shared/contracts';
import { sql, type Tx } from '@aetherius/shared/postgres';
import { hashOf } from '../engine/hash.ts';
import type { Sequence } from '../engine/node.ts';
import type { Known } from './check.ts';
import { compile } from './compile.ts';

export type Origin = 'file' | 'rest';
export type StoredDefinition = {
  name: string;
  version: number;
  hash: string;
  source: WorkflowDefinition;
  compiled: Sequence;
  origin: Origin;
  created_at: string;
};

export type Newest = Pick<StoredDefinition, 'name' | 'version'> & Pick<WorkflowDefinition, 'timeout'>;

/** Definitions are never changed: another content is another version. */
export const definitionStore = {
  latest: (tx: Tx, name: string): Promise<StoredDefinition | undefined> =>
    tx.maybe<StoredDefinition>(sql`select * from definition where name = ${name} order by version desc limit 1`),

  /** What a run begins with; the steps themselves are read once, by whoever takes them. */
  newest: async (tx: Tx, name: string): Promise<Newest | undefined> =>
    tx.maybe<Newest>(
      sql`select name, version, source ->> 'timeout' as timeout from definition where name = ${name} order by version desc limit 1`,
    ),

  all: (tx: Tx): Promise<StoredDefinition[]> =>
    tx.many<StoredDefinition>(sql`select distinct on (name) * from definition order by name, version desc`),

  known: async (tx: Tx): Promise<Map<string, WorkflowDefinition>> =>
    new Map((await definitionStore.all(tx)).map(({ name, source }) => [name, source])),

  /** Stores those whose content differs, with what they use put in place; returns how many were new. */
  saveAll: async (tx: Tx, definitions: readonly WorkflowDefinition[], origin: Origin): Promise<number> => {
    // Two replicas that start together would both count the next version.
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('orchestrator:definitions'))`);
    const known: Known = new Map([
      ...(await definitionStore.known(tx)),
      ...definitions.map((one) => [one.name, one] as const),
    ]);
    let saved = 0;
    for (const definition of definitions) saved += await save(tx, { definition, known, origin });
    return saved;
  },
} as const;

type Saving = { definition: WorkflowDefinition; known: Known; origin: Origin };

/**
 * A file counts only when it differs from the last file: what a person put over REST since then stays. A person's word
 * counts whenever it differs from what is there.
 */
async function save(tx: Tx, { definition, known, origin }: Saving): Promise<number> {
  const compiled = compile(definition, (name) => known.get(name));
  const hash = hashOf({ definition, compiled });
  return tx.run(sql`
    insert into definition (name, version, hash, source, compiled, origin)
    select ${definition.name}, coalesce(max(version), 0) + 1, ${hash}, ${definition}, ${compiled}, ${origin}
    from definition where name = ${definition.name}
    having ${hash} is distinct from (
      select hash from definition where name = ${definition.name} and (origin = ${origin} or ${origin} = 'rest') order by version desc limit 1)`);
}
