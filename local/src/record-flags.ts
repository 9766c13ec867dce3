import { clusterFlags, type Parted, partFlags } from './part-flags.ts';

const text = { type: 'string' } as const;
const own = {
  out: text,
  category: text,
  subject: text,
  'looks-like': text,
  source: text,
  help: { type: 'boolean' },
} as const;

/** Parts the flags of `npm run record` between its two commands, or says what is wrong with them. */
export function splitRecordFlags(args: readonly string[]): Parted | { problem: string } {
  const parted = partFlags(args, { own, cluster: clusterFlags });
  if ('problem' in parted || parted.own.includes('--help')) return parted;
  if (!parted.own.includes('--out')) return { problem: '--out FILE is missing' };
  if (!parted.cluster.includes('--namespace')) return { problem: '--namespace NAME is missing' };
  return parted;
}
