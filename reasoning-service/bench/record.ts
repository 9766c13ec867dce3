import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Bundle } from '@aetherius/shared/contracts';
import { runCommand } from '@aetherius/shared/service';
import { z } from 'zod';
import { readSources } from '../src/offline/source-files.ts';
import { incidentText } from './incident-text.ts';
import { pastedIncident, recordedIncident } from './record-incident.ts';
import { type Options, readOptions, usage } from './record-options.ts';

function record(options: Options): string {
  const incident = statSync(options.bundle).isDirectory()
    ? pastedIncident(readSources(options.bundle), new Date().toISOString(), options)
    : recordedIncident(Bundle.parse(JSON.parse(readFileSync(options.bundle, 'utf8'))), options);
  // An incident that is there already has been judged by somebody.
  writeFileSync(options.out, incidentText(incident), { flag: 'wx' });
  const { category, subject } = incident.expected;
  return `${options.out}: ${category} of ${subject.kind} ${subject.name}, ${incident.source}\n`;
}

function explain(error: unknown, { bundle }: Options): string | undefined {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return `--bundle ${bundle}: is no bundle: ${error.message}`;
  return error instanceof Error && 'code' in error ? error.message : undefined;
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer: record, explain });
