import { Bundle, type Diagnosis } from '@aetherius/shared/contracts';
import { expect, it } from '@jest/globals';
import { analysisRoutes } from './routes.ts';

/** All that an answer without a cause needs. */
const needs = {
  explain: async ({ diagnosis }: { diagnosis: Diagnosis }) => diagnosis,
  metricCauses: async () => null,
  language: 'en',
};
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const bundle = Bundle.parse({ cluster: 'eu-1', at: '2026-03-01T10:00:00Z', subject });

it.each([
  ['en', undefined, '# The evidence does not say'],
  ['en', 'zh', '# 现有证据不足'],
  ['zh', undefined, '# 现有证据不足'],
  ['zh', 'en', '# The evidence does not say'],
])('heads a report in the language asked for, else in the usual one (%s, %s)', async (language, asked, title) => {
  const [, report] = analysisRoutes({ ...needs, language } as never);
  const body = {
    context: { bundle, reasons: [] },
    options: { min_confidence: 0, max_recommendations: 5, language: asked },
  };
  expect(await report?.handler({ body } as never)).toMatchObject({ markdown: expect.stringContaining(title) });
});
