import { anyOf } from './any-of.ts';

const MACHINE = '(?:node|instance|server|vm|virtual machine|machine|host|droplet|linode)s?\\b';
const ATTACHED = '\\b(?:attached|published|mapped)(?: exclusively)?';
/** `already attached to node n1`, `attached on another node`: the name of the machine is told by some. */
const onMachine = new RegExp(
  `(?:\\b(?:already|currently|still)(?: exclusively)? ${ATTACHED}|${ATTACHED}) (?:to|at|on|by) (?:(?:an?|the) )?(another|different|other|wrong)? ?${MACHINE}(?:[\\s("'\`:=]{1,3}([\\w./:-]{2,300}))?`,
  'i',
);
/** Whoever is already there, or is another, has it; `not attached to node n1` and `to be attached to node n1` tell the opposite. */
const isHolding = (words: string, other: string | undefined): boolean =>
  other !== undefined || /\b(?:already|currently|still)\b/i.test(words);

/** How clouds, storage systems and their drivers say that another machine has a volume, without a word of which. */
const elsewhere = anyOf(
  // EBS, Compute Engine, Cinder.
  /\bVolumeInUse\b|\bRESOURCE_IN_USE_BY_ANOTHER_RESOURCE\b|\balready being used by '[^']{0,300}\/instances\//,
  /status must be available\b.{0,80}\bstatus is:? ?'?in-use\b/i,
  // RADOS block devices: the image is mapped, and so watched or locked, by another client.
  /\brbd(?: image|:).{0,200}\b(?:is still being used|still has watchers|has watchers|locked by other (?:nodes|clients))/i,
  // vSphere, Hetzner.
  /\bThe resource '[^']{1,100}' is in use\b|\bfailed to publish volume: volume is attached\b/,
  // What Kubernetes and others say of any.
  /\bMulti-Attach error\b|\b(?:already|exclusively) (?:attached|used|in use|published|mapped)(?: exclusively)? (?:to|by|on|at) (?:one|a different|another|other) (?:node|instance|server|vm|virtual machine|machine|host|pod|droplet|linode)s?\b/i,
);

/** Names of the machines that a message speaks of as where a volume is to go. */
const wanted = new RegExp(`\\bto ${MACHINE}[\\s("'\`:=]{1,3}([\\w./:-]{2,300})`, 'gi');

/** Clouds name a machine with its whole path, in letters of either case. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .split('/')
    .at(-1)
    ?.replace(/[.:]+$/, '') ?? '';

/**
 * Whether a volume cannot be attached because another machine has it, in the words of whoever keeps it; `holder` where they name it.
 * A volume that the machine itself has already is not held elsewhere; `node` is that machine where it is known from elsewhere.
 */
export function heldElsewhere(words: string, node?: string): { holder: string | undefined } | undefined {
  const [said, other, holder] = onMachine.exec(words) ?? [];
  if (said === undefined || !isHolding(said, other)) return elsewhere.test(words) ? { holder: undefined } : undefined;
  if (holder === undefined || other !== undefined) return { holder };
  const rest = [...words.replace(said, '').matchAll(wanted)].map(([, name]) => bare(name ?? ''));
  const own = node === undefined ? rest : [bare(node)];
  return own.length > 0 && own.every((name) => name === bare(holder)) ? undefined : { holder };
}
