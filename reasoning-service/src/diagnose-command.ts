import { AetheriusError } from '@aetherius/shared/errors';
import type { Shelf } from './offline/advise.ts';
import { bundleOf, findingsIn } from './offline/findings.ts';
import { readOptions, usage } from './offline/options.ts';
import { reportOf } from './offline/report.ts';
import { readSources } from './offline/source-files.ts';
import { loadRemedies } from './recommendations/load-remedies.ts';
import { createRunbookIndex } from './runbooks/find-runbooks.ts';
import { loadRunbooks } from './runbooks/load-runbooks.ts';

const UNUSABLE = 2;

/** Runs the command; the exit code is 0 when there is an answer, 2 when the input does not allow one. */
function main(args: readonly string[]): number {
  const read = readOptions(args);
  if ('problem' in read) return refuse(`${read.problem}\n\n${usage}`);
  if (read.options.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    return answer(read.options.bundle, read.options.json);
  } catch (error) {
    if (!(error instanceof AetheriusError)) throw error;
    return refuse(`${error.message}\n`);
  }
}

function answer(path: string, json: boolean): number {
  const { bundle, unread } = bundleOf(readSources(path), new Date().toISOString());
  if (bundle === undefined) {
    const why = unread.map(({ file, reason }) => `  ${file}: ${reason}\n`).join('');
    return refuse(`--bundle ${path}: nothing in it could be read\n${why}`);
  }
  const findings = findingsIn({ bundle, unread, shelf: shippedShelf() });
  process.stdout.write(json ? `${JSON.stringify(findings)}\n` : reportOf(findings));
  return 0;
}

const shipped = (folder: string) => new URL(`../${folder}/`, import.meta.url);

const shippedShelf = (): Shelf => ({
  remedies: loadRemedies(shipped('recommendations')),
  runbooks: createRunbookIndex(loadRunbooks([shipped('runbooks')])),
});

function refuse(words: string): number {
  process.stderr.write(words);
  return UNUSABLE;
}

process.exitCode = main(process.argv.slice(2));
