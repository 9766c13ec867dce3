import { heldElsewhere } from './held-elsewhere.ts';

/** Why a volume is not there for a pod. */
export type VolumeProblem =
  | { why: 'multi_attach'; volume: string | undefined; holder: string | undefined; words?: string }
  | { why: 'mount'; volume: string | undefined; words: string }
  | { why: 'attach'; volume: string | undefined; words: string }
  | { why: 'waiting'; volumes: string[] };

const multiAttach = /Multi-Attach error for volume "([^"]{1,253})"/;
const holder = /(?:used by pod\(s\) |attached to node )"?([^\s",]{1,253})/;
const unmounted = /unmounted volumes=\[([^\]]{1,500})\]/;
const mount =
  /^(?:MountVolume|UnmountVolume|NodeStageVolume|MapVolume)\.(\S{1,60}) failed for volume "([^"]{1,253})"\s*:? ?([\s\S]{0,600})/;
const attach = /^AttachVolume\.\S{1,60} failed for volume "([^"]{1,253})"\s*:? ?([\s\S]{0,600})/;

/** A kubelet that is slow to read what it mounts tries again at once; of the volume that says nothing. */
const cacheIsLate = /failed to sync (?:configmap|secret) cache: timed out/;

/** Reads FailedMount and FailedAttachVolume. */
export function parseVolume(message: string): VolumeProblem | undefined {
  if (cacheIsLate.test(message)) return undefined;
  const twice = multiAttach.exec(message);
  if (twice !== null) return { why: 'multi_attach', volume: twice[1], holder: holder.exec(message)?.[1] };
  const mounted = mount.exec(message);
  if (mounted !== null) return refusedFor('mount', mounted[2], mounted[3]);
  const attached = attach.exec(message);
  if (attached !== null) return refusedFor('attach', attached[1], attached[2]);
  const waiting = unmounted.exec(message)?.[1];
  return waiting === undefined ? undefined : { why: 'waiting', volumes: waiting.split(/[\s,]+/) };
}

function refusedFor(why: 'mount' | 'attach', volume: string | undefined, said = ''): VolumeProblem {
  const words = said.trim();
  const elsewhere = heldElsewhere(words);
  return elsewhere === undefined ? { why, volume, words } : { why: 'multi_attach', volume, ...elsewhere, words };
}

/** The short reason in a mount error: its last clause, where mount helpers and drivers put it. */
export const lastClause = (words: string, most = 200): string =>
  words
    .replace(/\s+/g, ' ')
    .split(/(?:desc = |Output: )/)
    .at(-1)
    ?.slice(0, most) ?? '';
