import { Gauge, type Registry } from '@aetherius/shared/metrics';
import { type Db, sql } from '@aetherius/shared/postgres';

type Group = { type: string; status: string; incidents: number; hits: number; newest: number };

/** Open incidents by what they are and how far they are: both come from closed lists, so there are few groups. */
const groups = (db: Db): Promise<Group[]> =>
  db.many<Group>(sql`
    select coalesce(category, 'none') as type, state as status, count(*) as incidents, sum(hits)::float8 as hits,
      extract(epoch from max(opened_at))::float8 as newest
      from incident where closed_at is null and opened_at is not null and merged_into is null
     group by 1, 2`);

const gauges = [
  ['aegis_alert_info', 'Open incidents by category and state', 'incidents'],
  ['aegis_alert_count', 'Signals that open incidents have had, by category and state', 'hits'],
  [
    'aegis_alert_created',
    'When the newest open incident was opened, in seconds since 1970, by category and state',
    'newest',
  ],
] as const;

/** Shows open incidents under the names that dashboards of such systems expect; names of things are no label. */
export function exposeIncidents({ metrics, db }: { metrics: Registry; db: Db }): void {
  for (const [name, help, figure] of gauges)
    new Gauge({
      name,
      help,
      labelNames: ['type', 'status'],
      registers: [metrics],
      async collect() {
        this.reset();
        // Without the database there is no figure, but the rest of the scrape still has to come through.
        for (const { type, status, ...group } of await groups(db).catch(() => []))
          this.set({ type, status }, group[figure]);
      },
    });
}
