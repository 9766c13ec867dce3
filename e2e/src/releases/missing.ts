import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { runCommand, succeeds } from '../../cluster/command.ts';
import { root } from '../run.ts';
import type { Release } from './flags.ts';
import { PLATFORMS } from './plan.ts';

type Environment = Record<string, string | undefined>;

/** What a release needs and this machine has not, each with the way out. Asked before anything leaves the machine. */
export async function missingFor(
  { key, dryRun }: Release,
  { helm, env }: { helm: string | undefined; env: Environment },
): Promise<string[]> {
  const missing = helm === undefined ? ['helm: it is built with Go, which is not here; install Go'] : [];
  missing.push(...(await missingBuilder(dryRun)));
  if (!(await succeeds('cosign', ['version'])))
    missing.push('cosign, which signs: https://docs.sigstore.dev/cosign/system_config/installation/');
  else missing.push(...(await missingSigner(key, env)));
  const changed = await runCommand('git', ['status', '--porcelain'], { cwd: root }).catch(() => 'no repository');
  if (changed.trim() !== '')
    missing.push('a clean checkout: a release is of a commit, so commit or stash what was changed');
  return missing;
}

async function missingBuilder(dryRun: boolean): Promise<string[]> {
  if (!(await succeeds('docker', ['buildx', 'version'])))
    return ['docker buildx, which builds for several platforms: install the package docker-buildx-plugin'];
  // To ask a builder for its platforms starts it, which a dry run must not.
  if (dryRun) return [];
  const builder = await runCommand('docker', ['buildx', 'inspect', '--bootstrap']).catch(() => '');
  return PLATFORMS.filter((platform) => !builder.includes(platform)).map(
    (platform) => `a builder for ${platform}: "docker buildx create --use", with QEMU for what is not of this machine`,
  );
}

async function missingSigner(key: string | undefined, env: Environment): Promise<string[]> {
  if (key === undefined) {
    const tokens = ['SIGSTORE_ID_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
    return tokens.some((name) => (env[name] ?? '') !== '')
      ? []
      : ['who signs: --key KEY, or an identity token of the CI in SIGSTORE_ID_TOKEN'];
  }
  const isAddress = key.includes('://');
  if (!isAddress && !existsSync(isAbsolute(key) ? key : join(process.cwd(), key)))
    return [`the key ${key}: "cosign generate-key-pair" makes one`];
  // Opened once beforehand: a wrong password must not show when everything is pushed and nothing signed.
  return (await succeeds('cosign', ['public-key', '--key', key]))
    ? []
    : [`a way to open the key ${key}: its password belongs into COSIGN_PASSWORD`];
}
