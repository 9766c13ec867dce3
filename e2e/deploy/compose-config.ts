import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';
import { readyCompose } from './compose-plugin.ts';

type File = { include?: string[]; services?: Record<string, { profiles?: string[] }> };
const read = (path: string) => parse(readFileSync(join(root, path), 'utf8'), { merge: true }) as File;

/** The profiles of docker-compose.yml. */
function composeProfiles(): string[] {
  const services = (read('docker-compose.yml').include ?? []).flatMap((path) =>
    Object.values(read(path).services ?? {}),
  );
  return [...new Set(services.flatMap(({ profiles = [] }) => profiles))].sort();
}

/** What compose itself says against the files, without a profile, with each and with all; no engine is needed for that. */
export async function composeComplaints(): Promise<string[] | { skipped: string }> {
  const [program, ...words] = (await readyCompose()) ?? [];
  if (program === undefined) return { skipped: 'docker has no compose plugin here; npm run test:deploy builds one' };
  const profiles = composeProfiles();
  const said: string[] = [];
  // Somebody's .env would say something of this machine alone.
  for (const chosen of [[], ...profiles.map((profile) => [profile]), profiles]) {
    const flags = [
      '--env-file',
      '/dev/null',
      ...chosen.flatMap((profile) => ['--profile', profile]),
      'config',
      '--quiet',
    ];
    const complaint = await runCommand(program, [...words, ...flags], { cwd: root, withErrors: true }).catch(String);
    if (complaint.trim() !== '') said.push(`profiles [${chosen.join(', ')}]: ${complaint.trim()}`);
  }
  return said;
}
