import { sql, type Tx } from '@aetherius/shared/postgres';
import type { Sequence } from './node.ts';
import type { RunRow } from './run.ts';

type Version = Pick<RunRow, 'definition' | 'version'>;

/** The compiled steps of definitions, each version read once: a version never changes. */
export type Trees = {
  /** Reads those of the given runs that were not read before. */
  have(tx: Tx, of: readonly Version[]): Promise<void>;
  of(version: Version): Sequence | undefined;
};

/** More versions than are in use at once; with more it begins anew. */
const MOST = 200;
const keyOf = ({ definition, version }: Version): string => `${definition}@${version}`;

/** Begins with none. */
export function createTrees(): Trees {
  const known = new Map<string, Sequence>();
  return {
    have: async (tx, of) => {
      const missing = new Map(of.filter((one) => !known.has(keyOf(one))).map((one) => [keyOf(one), one]));
      if (missing.size === 0) return;
      const wanted = [...missing.values()].map(({ definition, version }) => ({ definition, version }));
      const found = await tx.many<Version & { compiled: Sequence }>(sql`
        select name as definition, version, compiled from definition
        where (name, version) in (select definition, version from jsonb_to_recordset(${sql.json(wanted)}::jsonb) as r (definition text, version int))`);
      if (known.size + found.length > MOST) known.clear();
      for (const one of found) known.set(keyOf(one), one.compiled);
    },
    of: (version) => known.get(keyOf(version)),
  };
}
