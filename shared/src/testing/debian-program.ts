import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const packages = {
  amtool: 'prometheus-alertmanager',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  promtool: 'prometheus',
} as const;

/** Where a program is, or why this machine has none. */
export type FoundProgram = { path: string } | { missing: string };

const run = promisify(execFile);
const succeeds = (program: string, args: string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  );

/** A program of the machine, else of Debian's package, which is unpacked into the cache and not installed. */
export async function debianProgram(name: keyof typeof packages): Promise<FoundProgram> {
  if (await succeeds(name, ['--version'])) return { path: name };
  const cache = process.env['AETHERIUS_CACHE'] ?? join(homedir(), '.cache', 'aetherius');
  const place = join(cache, `${packages[name]}-apt`);
  const path = join(place, 'usr', 'bin', name);
  if (existsSync(path)) return { path };
  try {
    await unpack(packages[name], cache, place);
    return existsSync(path) ? { path } : { missing: `the package ${packages[name]} of this machine has no ${name}` };
  } catch (error) {
    return { missing: `no ${name}, and apt-get brought none: ${error instanceof Error ? error.message : error}` };
  }
}

async function unpack(name: string, cache: string, place: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, '.fetch-'));
  try {
    // Without root the lists stay as they are, which is mostly well.
    await succeeds('apt-get', ['update', '-qq']);
    await run('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: draft });
    const [archive = ''] = (await readdir(draft)).filter((file) => file.endsWith('.deb'));
    await run('dpkg', ['-x', archive, 'package'], { cwd: draft });
    await rename(join(draft, 'package'), place).catch((error: unknown) => {
      // Another run was quicker; what it brought serves as well.
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
