import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';
import { makePrompt } from './prompt.ts';
import { createRecorded, recordingOf } from './recorded.ts';
import { createVeil } from './veil.ts';

const templates = { system: 'Explain.', user: '{{language}} {{open_hypotheses}} {{finding}} {{evidence}}' };

const folder = mkdtempSync(`${tmpdir()}/aetherius-llm-`);
afterAll(() => rmSync(folder, { recursive: true }));

it('answers what was recorded for a prompt and names the recording that is missing', async () => {
  const [bundle, diagnosis] = [aBundle(), aDiagnosis()];
  const made = { veil: createVeil(bundle, diagnosis), templates, size: { input_tokens: 5_000, output_tokens: 500 } };
  const { prompt } = makePrompt({ bundle, diagnosis, close: [], language: 'en' }, made);
  const llm = createRecorded(pathToFileURL(`${folder}/`));
  const signal = AbortSignal.timeout(1_000);
  await expect(llm.complete(prompt, signal)).rejects.toThrow(recordingOf(prompt));
  writeFileSync(`${folder}/${recordingOf(prompt)}`, '{"text":"{}","input_tokens":7,"output_tokens":1}');
  await expect(llm.complete(prompt, signal)).resolves.toMatchObject({ text: '{}', input_tokens: 7 });
});
