import { expect, it } from '@jest/globals';
import { declaredLabels, quietSeries } from './quiet-series.ts';

it('knows the labels of a series that has no sample from the code that declares it', async () => {
  const labels = await declaredLabels();
  expect([...labels.keys()]).toEqual(Object.keys(quietSeries));
  expect(labels.get('aetherius_reasoning_llm_budget_warnings_total')).toEqual(new Set(['service', 'scope']));
  expect(labels.get('aetherius_certificate_expiry_timestamp_seconds')).toEqual(new Set(['service', 'endpoint']));
  expect(labels.get('aetherius_process_memory_limit_bytes')).toEqual(new Set(['service']));
});
