import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { runCommand } from '../cluster/command.ts';
import { firstOfEach, type ListedImage } from '../src/images/listed-images.ts';
import type { Wanted } from './image-flags.ts';

type Docker = (...args: string[]) => Promise<string>;
type HandingOn = { env: Record<string, string>; report: (line: string) => void; version: string };

/** Refused before the images are built, which takes minutes. */
export function refuseExisting({ save }: Wanted): void {
  if (save !== undefined && existsSync(save)) throw errors.invalid_input({ save, reason: 'the file is there already' });
}

/** What of the listed images is asked for, each once. */
export const chosen = (images: readonly ListedImage[], { own }: Wanted): ListedImage[] =>
  firstOfEach(images).filter(({ target }) => !own || target !== undefined);

/** Gives each image the name by which an installation asks for it, and puts all of them into an archive or a registry. */
export async function handOn(images: readonly ListedImage[], wanted: Wanted, handing: HandingOn): Promise<void> {
  const { env, report, version } = handing;
  const docker: Docker = (...args) => runCommand('docker', args, { env });
  const names: string[] = [];
  const pins: string[] = [];
  for (const image of images) {
    const source = image.target === undefined ? image.name : `aetherius/${image.target}:${version}`;
    if (image.target === undefined) await fetchPublic(docker, source);
    const name = wanted.push === undefined ? image.name : `${wanted.push}/${image.place}`;
    if (name !== source) await docker('tag', source, name);
    if (wanted.push !== undefined) {
      const digest = /digest: (sha256:[a-f0-9]{64})/.exec(await docker('push', name))?.[1];
      report(`pushed ${name}`);
      if (image.target !== undefined && digest !== undefined) pins.push(`--set ${image.named}.digest=${digest}`);
    }
    names.push(name);
  }
  if (pins.length > 0) report(pinned(pins));
  if (wanted.save === undefined) return;
  await docker('save', '--output', resolve(wanted.save), ...names);
  report(`${wanted.save} holds\n${names.map((name) => `  ${name}`).join('\n')}`);
}

/** A node that has an image under a tag does not ask for it again, so an upgrade goes by what no later push can change. */
function pinned(pins: readonly string[]): string {
  const isAgent = (pin: string) => pin.startsWith('--set image.');
  const [agent, plane] = [pins.filter(isAgent), pins.filter((pin) => !isAgent(pin))];
  return [
    'For an upgrade, because nodes keep what they have under the same tag:',
    ...(plane.length === 0 ? [] : [`  the control plane: ${plane.join(' ')}`]),
    ...(agent.length === 0 ? [] : [`  an agent: ${agent.join(' ')}`]),
  ].join('\n');
}

async function fetchPublic(docker: Docker, name: string): Promise<void> {
  if (
    await docker('image', 'inspect', name).then(
      () => true,
      () => false,
    )
  )
    return;
  await docker('pull', '--quiet', name).catch((cause: unknown) => {
    const reason = `${name} cannot be pulled: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw errors.unavailable({ reason, way_out: '--own leaves the public images out' }, { cause });
  });
}
