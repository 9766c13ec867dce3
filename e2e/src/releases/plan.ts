import type { Release } from './flags.ts';

/** One call of a program. */
export type Call = { program: 'docker' | 'helm' | 'cosign'; args: string[] };
/** What is put into the registry: how, and under which name. */
export type Part = { name: string; reference: string; make: Call; push?: Call };
export type Plan = { charts: Part[]; images: Part[]; sign: (reference: string, digest: string) => Call };

/** What the plan needs of this machine and of the commit. */
export type Surroundings = {
  /** What a build is told: the base images, and what of the commit goes into the labels. */
  buildFlags: readonly string[];
  /** Where charts are prepared and packed, and what is told of finished images. */
  folder: string;
};

/** The charts; the images below are those that they name. */
export const charts = ['aetherius', 'aetherius-agent'] as const;
const images = ['agent-manager', 'orchestrator-service', 'reasoning-service', 'collect-agent'] as const;
/** What the images run on. */
export const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

/** Where a chart lies while it is made ready for packing. */
export const chartFolder = (folder: string, chart: string): string => `${folder}/charts/${chart}`;
/** Where docker tells under which digest an image was pushed. */
export const metadataFile = (folder: string, image: string): string => `${folder}/${image}.json`;

/** Every call that a release consists of; nothing is asked or done here. */
export function planOf(release: Release, { buildFlags, folder }: Surroundings): Plan {
  const { registry, version, key, plainHttp } = release;
  const plain = plainHttp ? ['--plain-http'] : [];
  const chart = (name: string): Part => ({
    name,
    reference: `${registry}/charts/${name}`,
    make: {
      program: 'helm',
      args: [
        'package',
        chartFolder(folder, name),
        '--destination',
        folder,
        '--version',
        version,
        '--app-version',
        version,
      ],
    },
    push: {
      program: 'helm',
      args: ['push', `${folder}/${name}-${version}.tgz`, `oci://${registry}/charts`, ...plain],
    },
  });
  const image = (name: string): Part => ({
    name,
    reference: `${registry}/${name}`,
    // Several platforms at once cannot be kept on this machine, so building and pushing are one call.
    make: {
      program: 'docker',
      args: [
        ...['buildx', 'build', '--platform', PLATFORMS.join(','), '--provenance', 'mode=max', '--sbom', 'true'],
        ...['--file', 'deployments/docker/Dockerfile', '--target', name],
        ...buildFlags,
        ...['--tag', `${registry}/${name}:${version}`, '--metadata-file', metadataFile(folder, name), '--push', '.'],
      ],
    },
  });
  return {
    charts: charts.map(chart),
    images: images.map(image),
    // By digest, because a tag may mean something else by the time it is signed; with every platform of an image.
    sign: (reference, digest) => ({
      program: 'cosign',
      args: [
        ...['sign', '--yes', '--recursive', ...(key === undefined ? [] : ['--key', key])],
        ...(plainHttp ? ['--allow-http-registry'] : []),
        `${reference}@${digest}`,
      ],
    }),
  };
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A call as a person would type it. */
export const shown = ({ program, args }: Call): string => [program, ...args].map(quoted).join(' ');

/** The whole plan in the order in which it is carried out. */
export function shownPlan({ charts: packed, images: built, sign }: Plan): string[] {
  return [
    ...packed.map(({ make }) => make),
    ...built.map(({ make }) => make),
    ...packed.flatMap(({ push }) => push ?? []),
    ...[...built, ...packed].map(({ reference }) => sign(reference, 'sha256:…')),
  ].map(shown);
}
