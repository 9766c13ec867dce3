import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Scope, Spend, Verdict } from './budget.ts';
import type { ModelAnswer } from './model-answer.ts';

/** Whom a call is for. */
export type Account = { tenant: string; cluster_id: string; incident_id: string | null };
/** What a call takes at most, then what it took; `cost` is null where no price is known. */
export type Amount = { input_tokens: number; output_tokens: number; cost: number | null };
type Reservation = { id: string; at: Date; model: string; account: Account; amount: Amount };
type Outcome = { outcome: 'answered' | 'failed'; failure: string | null; amount: Amount };
export type CachedAnswer = { model: string; answer: ModelAnswer };

const DAYS_KEPT = 7;
/** Any number that no other lock of this schema's database uses. */
const LOCK = 7_140_014;

/** Calls and answers of the language model, and the only place that counts them. */
export const createUsageStore = (db: Db) => ({
  /**
   * Reserves a call when `judge` lets it through. One at a time over all replicas: two that read the same sum would both
   * find room for the last call.
   */
  reserve: (call: Reservation, judge: (spent: Record<Scope, Spend>) => Verdict): Promise<Verdict> =>
    withTransaction(db, async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(${LOCK})`);
      const verdict = judge(await spent(tx, call));
      if (verdict.may === 'call') await insert(tx, call);
      return verdict;
    }),

  /** What became of a reserved call. One that never comes here, because a replica died, stays counted in full. */
  settle: (id: string, { outcome, failure, amount }: Outcome): Promise<number> =>
    db.run(sql`
      update llm_call set outcome = ${outcome}, failure = ${failure}, input_tokens = ${amount.input_tokens},
        output_tokens = ${amount.output_tokens}, cost = ${amount.cost}
      where id = ${id} and outcome = 'reserved'`),

  cached: (fingerprint: string): Promise<CachedAnswer | undefined> =>
    db.maybe<CachedAnswer>(sql`
      update llm_answer set hits = hits + 1 where fingerprint = ${fingerprint} returning model, answer`),

  keep: async (fingerprint: string, { model, answer }: CachedAnswer, at: Date): Promise<void> => {
    await db.run(sql`
      insert into llm_answer (fingerprint, model, answer, at) values (${fingerprint}, ${model}, ${answer}, ${at})
      on conflict (fingerprint) do nothing`);
    await db.run(sql`delete from llm_answer where at < ${at}::timestamptz - make_interval(days => ${DAYS_KEPT}::int)`);
  },
});
export type UsageStore = ReturnType<typeof createUsageStore>;

const insert = (tx: Tx, { id, at, model, account, amount }: Reservation): Promise<number> =>
  tx.run(sql`
    insert into llm_call (id, at, tenant, cluster_id, incident_id, model, outcome, input_tokens, output_tokens, cost)
    values (${id}, ${at}, ${account.tenant}, ${account.cluster_id}, ${account.incident_id}, ${model}, 'reserved',
      ${amount.input_tokens}, ${amount.output_tokens}, ${amount.cost})`);

type Sums = Record<`${Scope}_${keyof Spend}`, number>;

async function spent(tx: Tx, { at, account }: Reservation): Promise<Record<Scope, Spend>> {
  const row = await tx.one<Sums>(sql`
    with today as (select * from llm_call where at >= date_trunc('day', ${at}::timestamptz)),
         own as (select * from llm_call where incident_id = ${account.incident_id})
    select coalesce((select sum(input_tokens + output_tokens) from own), 0) as incident_tokens,
           coalesce((select sum(cost) from own), 0) as incident_cost,
           coalesce(sum(input_tokens + output_tokens) filter (where tenant = ${account.tenant}), 0) as tenant_tokens,
           coalesce(sum(cost) filter (where tenant = ${account.tenant}), 0) as tenant_cost,
           coalesce(sum(input_tokens + output_tokens), 0) as day_tokens,
           coalesce(sum(cost), 0) as day_cost
    from today`);
  return {
    incident: { tokens: row.incident_tokens, cost: row.incident_cost },
    tenant: { tokens: row.tenant_tokens, cost: row.tenant_cost },
    day: { tokens: row.day_tokens, cost: row.day_cost },
  };
}
