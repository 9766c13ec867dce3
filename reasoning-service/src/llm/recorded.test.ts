import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { aDiagnosis } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { recordedLlm, recordingOf } from './recorded.ts';

it('answers what was recorded and names the recording that is missing', async () => {
  const folder = mkdtempSync(`${tmpdir()}/aetherius-llm-`);
  const diagnosis = aDiagnosis();
  const llm = recordedLlm(pathToFileURL(`${folder}/`));
  await expect(llm.explain(diagnosis)).rejects.toThrow(recordingOf(diagnosis));
  writeFileSync(`${folder}/${recordingOf(diagnosis)}`, 'The setting is wrong.\n');
  await expect(llm.explain(diagnosis)).resolves.toBe('The setting is wrong.');
});
