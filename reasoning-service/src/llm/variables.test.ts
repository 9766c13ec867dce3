import { loadConfig } from '@aetherius/shared/service';
import { describe, expect, it } from '@jest/globals';
import { ReasoningConfig } from '../config.ts';

const others = { DATABASE_URL: 'postgres://x', NATS_URL: 'nats://x', AUTH_PUBLIC_KEY_FILE: '/key' };
const load = (variables: Record<string, string>) => loadConfig(ReasoningConfig, { ...others, ...variables });

describe('the variables of the language model', () => {
  it('are all optional, and then it is off', () => {
    expect(load({})).toMatchObject({ LLM_PROVIDER: 'off', LLM_LANGUAGE: 'en' });
  });

  it.each<[Record<string, string>, string]>([
    [{ LLM_PROVIDER: 'anthropic' }, 'LLM_MODEL: is needed with LLM_PROVIDER=anthropic'],
    [{ LLM_PROVIDER: 'openai', LLM_MODEL: 'x' }, 'LLM_BASE_URL: is needed with LLM_PROVIDER=openai'],
    [{ LLM_PROVIDER: 'recorded' }, 'LLM_RECORDINGS: is needed with LLM_PROVIDER=recorded'],
    [{ LLM_API_KEY: 'a', LLM_API_KEY_FILE: 'b' }, 'LLM_API_KEY_FILE: only one'],
    [{ LLM_LANGUAGE: 'xx' }, 'LLM_LANGUAGE'],
    [{ LLM_PROVIDER: 'other' }, 'LLM_PROVIDER'],
  ])('say what is wrong with %j', (variables, problem) => {
    expect(() => load(variables)).toThrow(problem);
  });
});
