import { clusterFlags, partFlags } from './part-flags.ts';

/** What the answer needs, and what reading a live cluster needs where one is meant. */
export type Flags = { answer: string[]; cluster: string[] | undefined };

const own = {
  bundle: { type: 'string', multiple: true },
  at: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
const cluster = { ...clusterFlags, 'all-namespaces': { type: 'boolean' } } as const;

/** A file that stands alone is meant as evidence. */
const namingBundle = (problem: string): string =>
  problem.replace(/^.*?Unexpected argument '(.*?)'.*$/, "Unexpected argument '$1': evidence is named with --bundle $1");

/** Parts the flags of `npm run diagnose` between its two commands, or says what is wrong with them. */
export function splitFlags(args: readonly string[]): Flags | { problem: string } {
  const parted = partFlags(args, { own, cluster });
  if ('problem' in parted) return { problem: namingBundle(parted.problem) };
  const isLive = parted.cluster.length > 0;
  if (isLive && parted.own.includes('--bundle'))
    return { problem: `--bundle is evidence that is there already; leave out ${parted.cluster[0]}` };
  if (parted.own.includes('--help') || !isLive) return { answer: parted.own, cluster: undefined };
  const where = ['--namespace', '--all-namespaces'].filter((flag) => parted.cluster.includes(flag));
  if (where.length === 0)
    return { problem: `${parted.cluster[0]} needs --namespace NAME or --all-namespaces beside it` };
  if (where.length === 2) return { problem: '--namespace and --all-namespaces exclude each other' };
  return { answer: parted.own, cluster: parted.cluster };
}
