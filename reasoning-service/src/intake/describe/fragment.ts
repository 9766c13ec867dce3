import { inventedName } from '../../diagnosis/invented-name.ts';
import type { Command } from '../transcript.ts';
import { outline } from './outline.ts';

const keyed = /^\s*([A-Z][\w ()-]{0,60}):(?:\s|$)/;
const refused = /^(?:Error from server|error:)/m;

/** Whether text is a part of the description of one object that its command names, as `grep` and `tail` leave it. */
export const isFragment = (text: string, command: Command | undefined): command is Command =>
  command?.verb === 'describe' &&
  command.kinds.length === 1 &&
  command.names.length === 1 &&
  !refused.test(text) &&
  text.split('\n').some((line) => keyed.test(line));

/** What stands below the name of a container, at the fourth column. */
const ofContainer = /^ {4}(State|Last State|Ready|Restart Count|Image|Limits|Requests|Liveness|Readiness|Startup):/;
/** What begins another part: a key further left, or the mark between two finds of `grep`. */
const begins = /^(?: {0,3}\S|--$)/;

/** The part with what it lacks to be read: the name, and for lines about containers the containers. */
export function mended(text: string, { kinds: [kind], names: [name = ''] }: Command): string {
  const lines = text.split('\n');
  const { own, loose } = kind === 'Pod' ? parted(lines) : { own: lines, loose: [] };
  const containers = loose.map((one, at) => [`  ${inventedName(at)}:`, ...one].join('\n'));
  return [
    `Name: ${name}`,
    ...own.filter((line) => line !== '--'),
    ...(containers.length === 0 ? [] : ['Containers:', ...containers]),
  ].join('\n');
}

type Parted = { own: string[]; loose: string[][] };

/** Lines of containers whose heading was left out; a key that comes again begins the next container. */
function parted(lines: readonly string[]): Parted {
  const found: Parted = { own: [], loose: [] };
  let isLoose = true;
  for (const line of lines) {
    // What has a heading belongs to that; between two finds anything may have stood.
    if (begins.test(line)) isLoose = line === '--';
    if (isLoose) place(line, found);
    else found.own.push(line);
  }
  return found;
}

function place(line: string, { own, loose }: Parted): void {
  const last = loose.at(-1);
  const key = ofContainer.exec(line)?.[1];
  if (key !== undefined && (last === undefined || hasKey(last, key))) loose.push([line]);
  else if (last !== undefined && line.startsWith('    ')) last.push(line);
  else own.push(line);
}

const hasKey = (lines: readonly string[], key: string): boolean =>
  outline(lines.join('\n')).some((line) => line.key === key);
