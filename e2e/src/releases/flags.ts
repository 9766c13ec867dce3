import { parseArgs } from 'node:util';

export const usage = `usage: npm run release -- --registry HOST/PATH --version X.Y.Z [--key KEY] [--plain-http] [--dry-run]
  --registry HOST/PATH  where the images go, and the charts into its folder "charts"; such as ghcr.io/aetherius
  --version X.Y.Z       of charts and images alike, without a "v"
  --key KEY             key of cosign to sign with, a file or an address of a key service; without one the identity token
                        of the CI (SIGSTORE_ID_TOKEN, or GitHub's with id-token: write) signs
  --plain-http          the registry speaks no TLS: for one on this machine
  --dry-run             prints what would be done, does nothing, and says what is missing here`;

/** What is to be released, and where to. */
export type Release = {
  registry: string;
  version: string;
  key?: string | undefined;
  plainHttp: boolean;
  dryRun: boolean;
};

const place =
  /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:))(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/;
// A plus sign is good in a version and in a chart's, but not in the tag of an image.
const semver = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** What the command line asks for; throws with the flag that does not fit. */
export function readFlags(args: readonly string[]): Release {
  const { values } = parseArgs({
    args: [...args],
    options: {
      registry: { type: 'string' },
      version: { type: 'string' },
      key: { type: 'string' },
      'plain-http': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const { registry = '', version = '', key, 'plain-http': plainHttp, 'dry-run': dryRun } = values;
  if (!place.test(registry))
    throw new Error(`--registry ${registry}: a host and a path in small letters are needed, such as ghcr.io/aetherius`);
  if (!semver.test(version)) throw new Error(`--version ${version}: a version such as 1.2.3 or 1.2.3-rc.1 is needed`);
  if (key === '') throw new Error('--key: a file or an address of a key is needed');
  return { registry, version, key, plainHttp, dryRun };
}
