import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';

/** The targets of the Dockerfile, in the order in which they share most. */
export const targets = [
  'agent-manager',
  'orchestrator-service',
  'reasoning-service',
  'collect-agent',
  'simulator',
  'setup',
] as const;

const workspaces = targets.map((target) => (target === 'setup' ? 'local' : target));
const sources = ['package-lock.json', 'deployments/docker', 'shared', ...workspaces, ':!*.test.ts', ':!*/test'];

export type Bases = { BUILD_IMAGE: string; BASE_IMAGE: string };
type Building = { env: Record<string, string>; report: (line: string) => void };
export type Image = { name: string; megabytes: number };

const local: Bases = { BUILD_IMAGE: 'aetherius/build-base:local', BASE_IMAGE: 'aetherius/base:local' };
const PUBLIC = 'node:24-bookworm-slim';

/** The images to build on where any can be pulled: those that were named, else the public one. */
export function publicBases(environment: Record<string, string | undefined>): Bases {
  const { AETHERIUS_BUILD_IMAGE: build, AETHERIUS_BASE_IMAGE: base } = environment;
  return { BUILD_IMAGE: build ?? PUBLIC, BASE_IMAGE: base ?? build ?? PUBLIC };
}

/** The images to build on: those that were named, the public one where it can be had, else ones made on this machine. */
export async function chooseBases({ env, report }: Building): Promise<{ bases: Bases; pulls: boolean }> {
  const { AETHERIUS_BUILD_IMAGE: build, AETHERIUS_BASE_IMAGE: base } = process.env;
  if (build !== undefined || base !== undefined) return { bases: publicBases(process.env), pulls: true };
  const docker = (...args: string[]) =>
    runCommand('docker', args, { env }).then(
      () => true,
      () => false,
    );
  const has = (image: string) => docker('image', 'inspect', image);
  if ((await has(PUBLIC)) || (await docker('pull', '--quiet', PUBLIC)))
    return { bases: { BUILD_IMAGE: PUBLIC, BASE_IMAGE: PUBLIC }, pulls: true };
  // Kept ones may be of another Node than the packages bring now.
  const labelled = ['image', 'inspect', '--format', '{{index .Config.Labels "io.aetherius.node"}}'];
  const holds = async (image: string) =>
    (await runCommand('docker', [...labelled, image], { env }).catch(() => '')).trim() === process.version;
  if (!(await holds(local.BUILD_IMAGE)) || !(await holds(local.BASE_IMAGE))) {
    report(`${PUBLIC} cannot be pulled: making base images from Debian's packages (some minutes, once)`);
    const made = await runCommand(join(root, 'deployments/docker/local-base.sh'), [process.execPath], { env });
    report(made.trim());
  }
  return { bases: local, pulls: false };
}

/** Builds these images and tells the size of each. */
export async function buildImages(
  { env, report }: Building,
  bases: Bases,
  wanted: readonly (typeof targets)[number][] = targets,
): Promise<Image[]> {
  const version = ownVersion();
  const flags = await buildFlags(bases, version);
  const images: Image[] = [];
  for (const target of wanted) {
    const name = `aetherius/${target}:${version}`;
    const file = ['--file', 'deployments/docker/Dockerfile', '--target', target, '--tag', name];
    await runCommand('docker', ['build', '--quiet', ...file, ...flags, '.'], { cwd: root, env });
    const size = await runCommand('docker', ['image', 'inspect', '--format', '{{.Size}}', name], { env });
    const image = { name, megabytes: Math.round(Number(size) / 1e6) };
    report(`${name}  ${image.megabytes} MB`);
    images.push(image);
  }
  return images;
}

/** Builds an image once more without anything of the first time, and tells in what its layers are others. */
export async function buildAgain(
  env: Record<string, string>,
  bases: Bases,
  target: (typeof targets)[number],
): Promise<string[]> {
  const version = ownVersion();
  const flags = await buildFlags(bases, version);
  const layers = async (name: string) =>
    JSON.parse(
      await runCommand('docker', ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', name], { env }),
    ) as string[];
  const again = `aetherius/${target}:again`;
  const file = ['--file', 'deployments/docker/Dockerfile', '--target', target, '--tag', again];
  await runCommand('docker', ['build', '--quiet', '--no-cache', ...file, ...flags, '.'], { cwd: root, env });
  const [first, second] = [await layers(`aetherius/${target}:${version}`), await layers(again)];
  await runCommand('docker', ['image', 'rm', again], { env });
  return first.flatMap((layer, at) => (layer === second[at] ? [] : [`layer ${at}: ${layer}, then ${second[at]}`]));
}

/** The version of this checkout: the tag of what is built from it. */
export const ownVersion = (): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

/** What a build is told besides the target: what to build on, and what of the commit stands in the labels, where git knows it. */
export async function buildFlags(bases: Bases, version: string): Promise<string[]> {
  const git = (...args: string[]) => runCommand('git', args, { cwd: root }).then((text) => text.trim());
  const revision = await git('rev-parse', 'HEAD').catch(() => undefined);
  // Of what goes into an image: a commit of documents leaves the layers as they were.
  const epoch = await git('log', '-1', '--format=%ct', '--', ...sources).catch(() => '0');
  const args = { ...bases, VERSION: version, SOURCE_DATE_EPOCH: epoch };
  const labels = revision === undefined ? {} : { revision, created: new Date(Number(epoch) * 1_000).toISOString() };
  return [
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `org.opencontainers.image.${name}=${value}`]),
  ];
}
