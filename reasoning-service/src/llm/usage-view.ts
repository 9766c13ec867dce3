import { type Db, sql } from '@aetherius/shared/postgres';

/** Tokens, money and calls of some group of calls. */
export type Usage = {
  calls: number;
  failed: number;
  input_tokens: number;
  output_tokens: number;
  cost: number | null;
};
export type UsageView = ReturnType<typeof createUsageView>;

const sums = sql.raw(`count(*) as calls, count(*) filter (where outcome = 'failed') as failed,
  coalesce(sum(input_tokens), 0) as input_tokens, coalesce(sum(output_tokens), 0) as output_tokens, sum(cost) as cost`);
const MOST = 20;

/** What the language model took, for people. */
export const createUsageView = (db: Db) => ({
  today: (now: Date): Promise<Usage> =>
    db.one<Usage>(sql`select ${sums} from llm_call where at >= date_trunc('day', ${now}::timestamptz)`),
  tenants: (now: Date): Promise<(Usage & { tenant: string })[]> =>
    db.many(sql`
      select tenant, ${sums} from llm_call where at >= date_trunc('day', ${now}::timestamptz)
      group by tenant order by sum(input_tokens + output_tokens) desc, tenant`),
  failures: (now: Date): Promise<{ failure: string; calls: number }[]> =>
    db.many(sql`
      select failure, count(*) as calls from llm_call
      where at >= date_trunc('day', ${now}::timestamptz) and failure is not null group by failure order by failure`),
  /** Over the whole life of one incident, or the most expensive ones of today. */
  incidents: (now: Date, only?: string): Promise<(Usage & { incident_id: string })[]> =>
    db.many(sql`
      select incident_id, ${sums} from llm_call
      where incident_id is not null and ${
        only === undefined
          ? sql`incident_id in (select incident_id from llm_call where at >= date_trunc('day', ${now}::timestamptz))`
          : sql`incident_id = ${only}`
      }
      group by incident_id order by sum(input_tokens + output_tokens) desc, incident_id limit ${MOST}`),
  cache: (): Promise<{ answers: number; hits: number }> =>
    db.one(sql`select count(*) as answers, coalesce(sum(hits), 0) as hits from llm_answer`),
});
