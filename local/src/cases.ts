import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { exportCases, importCases } from './case-files.ts';
import { type CaseFlags, readCaseFlags, usage } from './case-flags.ts';
import { loadEnvFile } from './env-file.ts';
import { homeAt, homeFolder, places } from './home.ts';
import { portsOf } from './service-processes.ts';
import { tokenFileIn } from './token-file.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = readCaseFlags(args);
  if ('help' in flags) {
    console.log(usage);
    return 0;
  }
  const wrong = 'problem' in flags ? `${flags.problem}\n\n${usage}` : loadEnvFile();
  if ('problem' in flags || wrong !== undefined) {
    console.error(wrong);
    return 2;
  }
  try {
    console.log(await run(flags));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function run({ way, file, url, tokenFile }: CaseFlags): Promise<string> {
  const asked = {
    file: resolve(file),
    url: (url ?? `http://127.0.0.1:${portsOf(process.env)['reasoning-service']}`).replace(/\/+$/, ''),
    token: tokenIn(tokenFile ?? runningTokenFile()),
  };
  if (way === 'export') return `${asked.file}: ${await exportCases(asked)} cases written`;
  const { read, shipped } = await importCases(asked);
  return `${asked.file}: ${read} cases read, ${shipped} of them shipped with each version and left alone`;
}

/** The token file of what runs here: the newest, because one that was killed may have left its own. */
function runningTokenFile(): string {
  const files = places
    .map((place) => tokenFileIn(homeAt(homeFolder(process.env), place)))
    .flatMap((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ file, at: stat.mtimeMs }];
    })
    .sort((a, b) => b.at - a.at);
  const [newest] = files;
  if (newest === undefined)
    throw errors.invalid_input({ '--token-file': 'is missing, and nothing that runs here keeps a token' });
  return newest.file;
}

function tokenIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw errors.invalid_input({ '--token-file': `${file} cannot be read` }, { cause });
  }
}
