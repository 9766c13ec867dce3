import { errors } from '@aetherius/shared/errors';
import { redact } from '@aetherius/shared/redact';
import { runCommand } from '@aetherius/shared/service';
import type { Source } from './intake/reading.ts';
import type { Shelf } from './offline/advise.ts';
import { bundleOf, findingsIn } from './offline/findings.ts';
import { type Options, readOptions, usage } from './offline/options.ts';
import { reportOf } from './offline/report.ts';
import { readSources } from './offline/source-files.ts';
import { readStandardInput } from './offline/standard-input.ts';
import { loadRemedies } from './recommendations/load-remedies.ts';
import { createRunbookIndex } from './runbooks/find-runbooks.ts';
import { loadRunbooks } from './runbooks/load-runbooks.ts';

async function answer({ bundles, at, language, json }: Options): Promise<string> {
  const sources: Source[] = [];
  for (const path of bundles)
    sources.push(...(path === '-' ? [await readStandardInput(process.stdin)] : readSources(path, bundles.length > 1)));
  const { bundle, ...read } = bundleOf(sources, new Date().toISOString(), at);
  if (bundle === undefined) {
    const why = read.unread.map(({ file, reason }) => `\n  ${file}: ${redact(reason)}`).join('');
    throw errors.invalid_input({ '--bundle': `nothing in ${bundles.join(', ')} could be read${why}` });
  }
  const findings = findingsIn({ bundle, ...read, shelf: shippedShelf() });
  return json ? `${JSON.stringify(findings)}\n` : reportOf(findings, language);
}

const shipped = (folder: string) => new URL(`../${folder}/`, import.meta.url);

const shippedShelf = (): Shelf => ({
  remedies: loadRemedies(shipped('recommendations')),
  runbooks: createRunbookIndex(loadRunbooks([shipped('runbooks')])),
});

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer });
