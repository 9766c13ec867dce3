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
      pins.push(...pinOf(image, await docker('push', name)));
      report(`pushed ${name}`);
    }
    names.push(name);
  }
  tellPins(pins, report);
  if (wanted.save === undefined) return;
  await docker('save', '--output', resolve(wanted.save), ...names);
  report(`${wanted.save} holds\n${names.map((name) => `  ${name}`).join('\n')}`);
}

/** The value that names an image of ours by its digest, as Docker told it after a push. */
function pinOf({ target, named }: ListedImage, said: string): string[] {
  const digest = /digest: (sha256:[a-f0-9]{64})/.exec(said)?.[1];
  return target === undefined || digest === undefined ? [] : [`--set ${named}.digest=${digest}`];
}

/** A node that has an image under a tag does not ask for it again, so an upgrade goes by what no later push can change. */
function tellPins(pins: readonly string[], report: (line: string) => void): void {
  const isAgent = (pin: string) => pin.startsWith('--set image.');
  const agent = pins.filter(isAgent);
  const plane = pins.filter((pin) => !isAgent(pin));
  if (pins.length > 0) report('For an upgrade, because nodes keep what they have under the same tag:');
  if (plane.length > 0) report(`  the control plane: ${plane.join(' ')}`);
  if (agent.length > 0) report(`  an agent: ${agent.join(' ')}`);
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
