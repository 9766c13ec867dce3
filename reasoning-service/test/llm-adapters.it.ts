import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAnthropic } from '../src/llm/anthropic.ts';
import type { Llm } from '../src/llm/llm.ts';
import { createOpenAiCompatible } from '../src/llm/openai-compatible.ts';
import { makePrompt } from '../src/llm/prompt.ts';
import { completePatiently } from '../src/llm/try-again.ts';
import { createVeil } from '../src/llm/veil.ts';
import { fakeModel, type Protocol, type Turn } from './fake-model.ts';

const templates = { system: 'Explain.', user: '{{language}} {{open_hypotheses}} {{finding}} {{evidence}}' };
const [bundle, diagnosis] = [aBundle(), aDiagnosis()];
const made = { veil: createVeil(bundle, diagnosis), templates, size: { input_tokens: 9_000, output_tokens: 700 } };
const { prompt } = makePrompt({ bundle, diagnosis, close: [], language: 'en' }, made);
const patience = { timeoutMs: 2_000, pauses: [5, 5] };

const make: Record<Protocol, (url: string) => Llm> = {
  anthropic: (url) => createAnthropic({ apiKey: 'key-1', model: 'fake', baseUrl: url }),
  openai: (url) => createOpenAiCompatible({ apiKey: 'key-1', model: 'fake', baseUrl: `${url}/v1/` }),
};

describe.each(Object.keys(make) as Protocol[])('%s', (protocol) => {
  let server: Awaited<ReturnType<typeof fakeModel>>;
  let llm: Llm;
  beforeAll(async () => {
    server = await fakeModel(protocol);
    llm = make[protocol](server.url);
  });
  afterAll(() => server.stop());
  const complete = (timeoutMs = patience.timeoutMs) => completePatiently(llm, prompt, { ...patience, timeoutMs });

  it('sends the prompt with the schema and reads the answer with its tokens', async () => {
    server.will({ says: '{"claims":[]}' });
    const completion = await complete();
    expect(completion).toEqual({ text: '{"claims":[]}', model: 'fake-1', input_tokens: 120, output_tokens: 40 });
    const body = JSON.parse(server.bodies[0] ?? '');
    expect(body).toMatchObject({ model: 'fake', max_tokens: 700 });
    expect(JSON.stringify(body)).toContain(JSON.stringify(prompt.schema));
    expect(JSON.stringify(server.headers[0])).toContain('key-1');
  });

  it.each<[string, Turn[]]>([
    ['too many calls', [{ status: 429, retryAfter: '0' }, { says: 'x' }]],
    ['a server error', [{ status: 500 }, { status: 529 }, { says: 'x' }]],
    ['a broken connection', ['cut off', { says: 'x' }]],
  ])('tries again after %s', async (_, turns) => {
    server.will(...turns);
    await expect(complete()).resolves.toMatchObject({ text: 'x' });
    expect(server.bodies).toHaveLength(turns.length);
  });

  it.each<[string, Turn, number]>([
    ['rate_limited', { status: 429 }, 3],
    ['unreachable', { status: 500 }, 3],
    ['misconfigured', { status: 401 }, 1],
    ['misconfigured', { status: 400 }, 1],
    ['malformed', 'no json', 1],
    ['malformed', 'another shape', 1],
    ['malformed', { says: 'x', tokens: 1e18 }, 1],
    ['malformed', { says: 'x', tokens: 2.5 }, 1],
    ['malformed', { says: 'x', tokens: -1 }, 1],
    ['refused', 'refuses', 1],
    ['too_long', 'runs out', 1],
    ['too_long', 'never ends', 1],
  ])('says %s for %j, after %i tries', async (code, turn, tries) => {
    server.will(turn);
    await expect(complete()).rejects.toMatchObject({ code });
    expect(server.bodies).toHaveLength(tries);
  });

  it('gives up at its deadline, and does not wait longer than that for a server that asks for more', async () => {
    server.will('hangs');
    await expect(complete(150)).rejects.toMatchObject({ code: 'timed_out' });
    server.will({ status: 429, retryAfter: '60' });
    await expect(complete()).rejects.toMatchObject({ code: 'rate_limited', details: { retry_after_seconds: 60 } });
    expect(server.bodies).toHaveLength(1);
  });

  it('repeats nothing of an error body, which may hold the key', async () => {
    server.will({ status: 401 });
    const error = await complete().catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('sk-abc');
  });

  it('says so when nobody listens', async () => {
    const nobody = make[protocol]('http://127.0.0.1:1');
    await expect(completePatiently(nobody, prompt, patience)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
