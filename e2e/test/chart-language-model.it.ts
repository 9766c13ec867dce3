import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from '@jest/globals';
import { ReasoningConfig } from '../../reasoning-service/src/config.ts';
import { readBudget } from '../../reasoning-service/src/llm/budget-file.ts';
import { openLlm } from '../../reasoning-service/src/llm/open-llm.ts';
import { combinations } from '../src/charts/combinations.ts';
import { builtHelm, render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import { ofKind, plane, withHelm } from './rendered-charts.ts';

const model = { LLM_MODEL: 'm', LLM_BASE_URL: 'http://model/v1' };
const others = { DATABASE_URL: 'postgres://x', NATS_URL: 'nats://x', AUTH_PUBLIC_KEY_FILE: '/key' };
const folder = mkdtempSync(join(tmpdir(), 'aetherius-budget-'));
afterAll(() => rmSync(folder, { recursive: true }));

withHelm('the language model of the chart', () => {
  it.each(['anthropic', 'openai'] as const)('needs a key with %s exactly when the service does', async (provider) => {
    const { state } = await openLlm(ReasoningConfig.parse({ ...others, ...model, LLM_PROVIDER: provider }));
    const taken = await plane({ llm: { provider, model: 'm', baseUrl: 'http://model/v1' } }).then(
      () => 'on',
      (error: unknown) => (String(error).includes('llm.existingSecret') ? 'off' : String(error)),
    );
    expect(taken).toBe(state);
  });

  it('has the budget that was written, as the service reads it', async () => {
    const installation = combinations['control plane, all outside parts'] ?? { chart: 'aetherius' };
    const objects = objectsIn(await render(builtHelm() ?? '', installation));
    const map = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name.endsWith('-llm-budget'));
    const file = join(folder, 'llm-budget.yaml');
    writeFileSync(file, map?.data?.['llm-budget.yaml'] ?? '');
    expect(await readBudget(pathToFileURL(file), 'm')).toMatchObject({
      limits: { incident: { tokens: 60_000 }, tenant: { tokens: null, cost: 2.5 }, day: { tokens: 2_000_000 } },
      tenants: { shop: ['west-1'] },
      prices: { m: { input: 0.5, output: 1.5 } },
    });
  });
});
