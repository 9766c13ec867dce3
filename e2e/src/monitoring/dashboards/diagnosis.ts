import { type Dashboard, quantiles, rateBy } from '../dashboard.ts';

const llm = 'aetherius_reasoning_llm';

/** How right and how sure the answers are, what they stand on, and what the language model costs. */
export const diagnosis: Dashboard = {
  name: 'diagnosis',
  title: 'Aetherius: diagnosis quality and cost',
  rows: [
    {
      title: 'Quality',
      panels: [
        {
          title: 'Judged answers that were right',
          unit: 'percentunit',
          queries: [{ expr: 'max(analysis_accuracy_ratio)' }],
        },
        { title: 'Answers', unit: 'ops', queries: [rateBy('status', 'aetherius_reasoning_answers_total')] },
        { title: 'How sure', unit: 'percentunit', queries: quantiles('aetherius_reasoning_confidence_ratio') },
        { title: 'Time of a diagnosis', unit: 's', queries: quantiles('aetherius_reasoning_diagnosis_seconds') },
        {
          title: 'Cases',
          queries: [
            { expr: 'max(aetherius_reasoning_cases)', legend: 'cases' },
            { expr: 'max(aetherius_reasoning_case_ends)', legend: 'ends learnt from' },
          ],
        },
        {
          title: 'Newest case',
          unit: 'dateTimeFromNow',
          queries: [{ expr: 'max(knowledge_graph_last_update_timestamp) * 1000' }],
        },
      ],
    },
    {
      title: 'Metrics of clusters',
      panels: [
        {
          title: 'Series',
          queries: [
            { expr: 'max(aetherius_reasoning_metric_series)', legend: 'known' },
            { expr: 'max(aetherius_reasoning_metric_series_silent)', legend: 'silent' },
            { expr: 'max(aetherius_reasoning_detectors)', legend: 'with a detector' },
          ],
        },
        {
          title: 'Age of the newest sample',
          unit: 's',
          queries: [{ expr: 'max(aetherius_reasoning_metric_sample_age_seconds)' }],
        },
        { title: 'Silent sources', queries: [{ expr: 'max(aetherius_reasoning_metric_sources_silent)' }] },
      ],
    },
    {
      title: 'Language model',
      panels: [
        { title: 'Configured', kind: 'stat', width: 4, queries: [{ expr: `max(${llm}_on)` }] },
        {
          title: 'Cost in the range',
          kind: 'stat',
          width: 4,
          queries: [{ expr: `sum(increase(${llm}_cost_total[$__range]))` }],
        },
        { title: 'Calls', unit: 'ops', queries: [rateBy('outcome', `${llm}_calls_total`)] },
        { title: 'Cache', unit: 'ops', queries: [rateBy('result', `${llm}_cache_lookups_total`)] },
        { title: 'Tokens', unit: 'ops', queries: [rateBy('direction', `${llm}_tokens_total`)] },
        { title: 'Time of a call', unit: 's', queries: quantiles(`${llm}_call_seconds`) },
        { title: 'Answers without its words', unit: 'ops', queries: [rateBy('reason', `${llm}_degraded_total`)] },
        { title: 'Statements thrown away', unit: 'ops', queries: [rateBy('reason', `${llm}_dropped_claims_total`)] },
        {
          title: 'Limits nearly used',
          queries: [{ expr: `sum by (scope) (increase(${llm}_budget_warnings_total[1d]))`, legend: '{{scope}}' }],
        },
      ],
    },
  ],
};
