import { createMetrics } from '@aetherius/shared/metrics';
import { fakeClock, silentLogger } from '@aetherius/shared/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { startExplaining } from './start-explaining.ts';
import { llmVariables } from './variables.ts';

const start = async (environment: Record<string, string>) => {
  const log = Object.assign(silentLogger(), { info: jest.fn(), warn: jest.fn() });
  const variables = z.object(llmVariables).parse(environment);
  const metrics = createMetrics('test');
  const { llm } = await startExplaining({ variables, db: {} as never, metrics, clock: fakeClock(), log });
  return { llm, log };
};

describe('a service without a language model', () => {
  it('warns of one that was asked for and has no key, and says what to set', async () => {
    const { llm, log } = await start({ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'some-model' });
    const reason = expect.stringMatching(/LLM_API_KEY.*set one of them, or LLM_PROVIDER=off/);
    expect(llm).toEqual({ state: 'off', reason });
    expect(log.warn).toHaveBeenCalledWith({ reason }, expect.stringContaining('no language model'));
  });

  it('only mentions it where none was asked for', async () => {
    const { log } = await start({});
    expect(log.warn).not.toHaveBeenCalled();
    expect(log.info).toHaveBeenCalledWith({ reason: 'LLM_PROVIDER is not set' }, expect.any(String));
  });
});
