import { exposeFigures, type Registry } from '@aetherius/shared/metrics';
import { type Db, sql } from '@aetherius/shared/postgres';
import type { Knowledge } from './knowledge.ts';

type Needs = Pick<Knowledge, 'cases' | 'learning'> & { metrics: Registry; db: Db };

const knowledge = {
  cases: ['aetherius_reasoning_cases', 'Cases that answers are compared with'],
  ends: ['aetherius_reasoning_case_ends', 'Ends of incidents that cases have learnt from'],
  newest: ['knowledge_graph_last_update_timestamp', 'When the newest case happened, in seconds since 1970'],
  accuracy: ['analysis_accuracy_ratio', 'Share of the judged answers that were right; absent until one is judged'],
} as const;

const detection = {
  series: ['aetherius_reasoning_metric_series', 'Series that agents have sampled'],
  silent_series: ['aetherius_reasoning_metric_series_silent', 'Series that are heard no more'],
  silent_sources: ['aetherius_reasoning_metric_sources_silent', 'Sources of metrics that have fallen silent'],
  sample_age: ['aetherius_reasoning_metric_sample_age_seconds', 'Age of the newest sample; absent before the first'],
  watches: ['aetherius_reasoning_detectors', 'Detectors that have learnt what is usual for a series'],
} as const;

type Detection = Record<Exclude<keyof typeof detection, 'sample_age'>, number> & { sample_age: number | null };

const readDetection = (db: Db): Promise<Detection> =>
  db.one<Detection>(sql`
    select (select count(*) from metric_series) as series,
      (select count(*) from metric_series where silent) as silent_series,
      (select count(*) from metric_source where silent) as silent_sources,
      (select extract(epoch from now() - max(heard_at))::float8 from metric_source) as sample_age,
      (select count(*) from detector) as watches`);

/** What the service knows and watches, read at the moment of a scrape. */
export function exposeKnowledge({ metrics, db, cases, learning }: Needs): void {
  exposeFigures({
    metrics,
    names: knowledge,
    read: async () => {
      const [counts, [newest], accuracy] = await Promise.all([
        cases.count(),
        cases.list({ limit: 1, before: undefined }),
        learning.share(),
      ]);
      const { cases: kept, ends } = counts;
      return { cases: kept, ends, newest: newest === undefined ? null : Date.parse(newest.at) / 1000, accuracy };
    },
  });
  exposeFigures({ metrics, names: detection, read: () => readDetection(db) });
}
