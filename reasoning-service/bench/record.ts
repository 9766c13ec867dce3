import { readFileSync, writeFileSync } from 'node:fs';
import { Bundle } from '@aetherius/shared/contracts';
import { runCommand } from '@aetherius/shared/service';
import { z } from 'zod';
import { recordedIncident } from './record-incident.ts';
import { type Options, readOptions, usage } from './record-options.ts';

function record(options: Options): string {
  const bundle = Bundle.parse(JSON.parse(readFileSync(options.bundle, 'utf8')));
  const incident = recordedIncident(bundle, options);
  // An incident that is there already has been judged by somebody.
  writeFileSync(options.out, `${JSON.stringify(incident, null, 2)}\n`, { flag: 'wx' });
  const { category, subject } = incident.expected;
  return `${options.out}: ${category} of ${subject.kind} ${subject.name}, ${incident.source}\n`;
}

function explain(error: unknown, { bundle }: Options): string | undefined {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return `--bundle ${bundle}: is no bundle: ${error.message}`;
  return error instanceof Error && 'code' in error ? error.message : undefined;
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer: record, explain });
