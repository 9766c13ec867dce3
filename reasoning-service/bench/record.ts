import { readFileSync, writeFileSync } from 'node:fs';
import { Bundle } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { recordedIncident } from './record-incident.ts';
import { readOptions, usage } from './record-options.ts';

const UNUSABLE = 2;

/** Runs the command; the exit code is 0 when the incident is written, 2 when it could not be made. */
function main(args: readonly string[]): number {
  const read = readOptions(args);
  if ('problem' in read) return refuse(`${read.problem}\n\n${usage}`);
  const { options } = read;
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    const bundle = Bundle.parse(JSON.parse(readFileSync(options.bundle, 'utf8')));
    const incident = recordedIncident(bundle, options);
    // An incident that is there already has been judged by somebody.
    writeFileSync(options.out, `${JSON.stringify(incident, null, 2)}\n`, { flag: 'wx' });
    const { category, subject } = incident.expected;
    process.stdout.write(`${options.out}: ${category} of ${subject.kind} ${subject.name}, ${incident.source}\n`);
    return 0;
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return refuse(`--bundle ${options.bundle}: is no bundle: ${error.message}\n`);
    if (error instanceof Error && 'code' in error) return refuse(`${error.message}\n`);
    throw error;
  }
}

function refuse(words: string): number {
  process.stderr.write(words);
  return UNUSABLE;
}

process.exitCode = main(process.argv.slice(2));
