import { type ReadEvent, type Reading, reading, type Unread } from './reading.ts';
import type { Command } from './transcript.ts';

const held =
  /^error when evicting (?:pods?\/?) ?"([^"]{1,253})"(?: -n "([^"]{1,63})")?.{0,60}?: (Cannot evict pod .+)$/;
const progress =
  /^(?:node\/\S+ (?:already )?(?:cordoned|drained|evicted)|evicting pod |pod\/\S+ evicted|Warning: ignoring |There are pending (?:pods in node|nodes to be drained)|error: unable to drain .{1,300}: error when evicting )/;

/** What nobody else says: without one of these a line of progress may be anybody's. */
const ownWords = /^(?:evicting pod [a-z0-9-]{1,63}\/|error when evicting pods?\/)/m;

/** A text without its command line, parted into what a drain says and the rest; undefined where none speaks in it. */
export function drainIn(text: string): { said: string; rest: string } | undefined {
  if (!ownWords.test(text)) return undefined;
  const { said = [], rest = [] } = Object.groupBy(text.split('\n'), (line) =>
    held.test(line) || progress.test(line) ? 'said' : 'rest',
  );
  return { said: said.join('\n'), rest: rest.join('\n') };
}

/** What `kubectl drain` prints: a pod that may not be evicted is told of as an event, once with how often it was tried. */
export function readDrain(
  text: string,
  { file, at, command }: { file: string; at: string; command?: Command | undefined },
): Reading {
  const events = new Map<string, ReadEvent>();
  const unread: Unread[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, name, namespace, message] = held.exec(line) ?? [];
    const known = events.get(`${namespace}/${name}`);
    if (known !== undefined) known.count += 1;
    else if (name !== undefined && message !== undefined)
      events.set(`${namespace}/${name}`, {
        ...{ type: 'Warning', reason: 'EvictionFailed', message, component: 'kubectl drain', count: 1 },
        ...{ kind: 'Pod', namespace: namespace ?? command?.namespace ?? undefined, name },
        ...{ first_timestamp: null, last_timestamp: at },
      });
    else if (line !== '' && !progress.test(line))
      unread.push({ file, reason: `"kubectl drain" said: ${line.slice(0, 120)}` });
  }
  return reading({ events: [...events.values()], unread });
}
