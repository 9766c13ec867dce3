import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand, succeeds } from '../../cluster/command.ts';

/** Where promtool is, or why this machine has none. */
export type Promtool = { path: string } | { missing: string };

/** promtool of the machine, else of Debian's package prometheus, which is unpacked into the cache and not installed. */
export async function findPromtool(): Promise<Promtool> {
  if (await succeeds('promtool', ['--version'])) return { path: 'promtool' };
  const cache = process.env['AETHERIUS_CACHE'] ?? join(homedir(), '.cache', 'aetherius');
  const place = join(cache, 'prometheus-apt');
  const path = join(place, 'usr', 'bin', 'promtool');
  if (existsSync(path)) return { path };
  try {
    await unpack(cache, place);
    return existsSync(path) ? { path } : { missing: 'the package prometheus of this machine has no promtool' };
  } catch (error) {
    return { missing: `no promtool, and apt-get brought none: ${error instanceof Error ? error.message : error}` };
  }
}

async function unpack(cache: string, place: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, '.fetch-'));
  try {
    // Without root the lists stay as they are, which is mostly well.
    await succeeds('apt-get', ['update', '-qq']);
    await runCommand('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', 'prometheus'], { cwd: draft });
    const [archive = ''] = (await readdir(draft)).filter((file) => file.endsWith('.deb'));
    await runCommand('dpkg', ['-x', archive, 'package'], { cwd: draft });
    await rename(join(draft, 'package'), place).catch((error: unknown) => {
      // Another run was quicker; what it brought serves as well.
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
