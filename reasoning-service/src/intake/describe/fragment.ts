import { inventedName } from '../../diagnosis/invented-name.ts';
import type { Command } from '../transcript.ts';
import { UNNAMED } from '../unnamed.ts';
import { outline } from './outline.ts';

const keyed = /^\s*([A-Z][\w ()-]{0,60}):(?:\s|$)/;
const refused = /^(?:Error from server|error:)/m;
const when = String.raw`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}`;
/** A row of the conditions of a node, which tells its columns by itself. */
const condition = new RegExp(String.raw`^\s*[A-Z]\w{2,60} +(?:True|False|Unknown) +${when} +${when} +\S`);
/** What only the part about a container says. */
const ofState =
  /^\s*(?:(?:Last )?State: +(?:Waiting|Running|Terminated)\s*$|Exit Code: +\d{1,3}\s*$|Restart Count: +\d{1,7}\s*$|Reason: +(?:OOMKilled|[A-Z]\w{1,40}BackOff|Err[A-Z]\w{1,40}|Create\w{1,40}Error|RunContainerError)\s*$)/;

/** Whose description a part is from; the name is `<unknown>` where neither the part nor its command tells it. */
export type Whose = { kind: string; name: string };

const MOST_LINES = 400;
/** No pod has more, whatever a damaged text says. */
const MOST_CONTAINERS = 64;

/** Whether each line may stand in the part of a description that is about containers, and two at least stand nowhere else. */
function isOfContainer(lines: readonly string[]): boolean {
  const from = lines.findIndex((line) => line.startsWith('Events:'));
  const own = (from < 0 ? lines : lines.slice(0, from)).filter((line) => line.trim() !== '');
  const told = own.filter((line) => ofState.test(line)).length;
  return told > 1 && own.every((line) => keyed.test(line) || line === '--' || /^\s{4}/.test(line));
}

/** Whose description text is a part of, as `grep`, `tail` and a careless mouse leave it; undefined where it is none. */
export function fragmentOf(text: string, command: Command | undefined): Whose | undefined {
  const [kind, ...others] = command?.verb === 'describe' ? command.kinds : [];
  const [name, ...more] = command?.names ?? [];
  const lines = text.split('\n', MOST_LINES).filter((line) => line.trim() !== '');
  const isNode = lines.length > 0 && lines.every((line) => condition.test(line) || line === '--');
  if (kind !== undefined && name !== undefined && others.length + more.length === 0)
    return isNode || hasKeys(text, lines) ? { kind, name } : undefined;
  if (isNode) return { kind: 'Node', name: UNNAMED };
  return (kind ?? 'Pod') === 'Pod' && isOfContainer(lines) ? { kind: 'Pod', name: UNNAMED } : undefined;
}

/** The head of the events, where the line above it was cut off. */
export const eventsHead = /^\s*Type\s+Reason\s+Age\s+From\s+Message\s*$/;

const hasKeys = (text: string, lines: readonly string[]): boolean =>
  !refused.test(text) && lines.some((line, at) => keyed.test(line) || (at === 0 && eventsHead.test(line)));

/** What stands below the name of a container, at the fourth column. */
const ofContainer = /^ {4}(State|Last State|Ready|Restart Count|Image|Limits|Requests|Liveness|Readiness|Startup):/;
const anywhere = /^( *)(?:State|Last State|Ready|Restart Count):/;
const below = /^( *)(?:Reason|Exit Code):/;
/** What begins another part: a key further left, or the mark between two finds of `grep`. */
const begins = /^(?: {0,3}\S|--$)/;

/** The part with what it lacks to be read: the name, and for lines about containers the containers. */
export function mended(text: string, { kind, name }: Whose): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('Name:'));
  const { own, loose } = kind === 'Pod' ? parted(headed(indented(lines))) : { own: lines, loose: [] };
  const containers = loose.slice(0, MOST_CONTAINERS).map((one, at) => [`  ${inventedName(at)}:`, ...one].join('\n'));
  const conditions = own.some((line) => line.startsWith('Conditions:'))
    ? []
    : own.filter((line) => condition.test(line));
  return [
    `Name: ${name}`,
    ...(eventsHead.test(text.trim().split('\n')[0] ?? '') ? ['Events:'] : []),
    ...own.filter((line) => line !== '--' && !conditions.includes(line)),
    ...(containers.length === 0 ? [] : ['Containers:', ...containers]),
    ...(conditions.length === 0 ? [] : [columns, ...conditions.map((line) => `  ${line.trim()}`)]),
  ].join('\n');
}

const columns = 'Conditions:\n  Type  Status  LastHeartbeatTime  LastTransitionTime  Reason  Message\n  ----';

/** Lines of a container where they belong, though somebody copied them without what stands left of them. */
function indented(lines: readonly string[]): readonly string[] {
  const columnOf = (pattern: RegExp): number | undefined =>
    lines.map((line) => pattern.exec(line)?.[1]?.length).find((one) => one !== undefined);
  const at = columnOf(anywhere) ?? Math.max(0, (columnOf(below) ?? 6) - 2);
  const until = lines.findIndex((line) => line.startsWith('Events:'));
  // Below `Status:` at the margin stand the reason and the message of the pod itself.
  if (at >= 4 || lines.some((line) => line.startsWith('Status:'))) return lines;
  return lines.map((line, index) => (until >= 0 && index >= until ? line : `${' '.repeat(4 - at)}${line}`));
}

const stateLine = /^ {4}(?:State|Last State):/;
const reasonLine = /^ {4,6}Reason: +(\S{1,60})/;
const waits =
  /BackOff$|^Err[A-Z]|^Create\w+Error$|^(?:ContainerCreating|PodInitializing|InvalidImageName|RunContainerError)$/;

/** `grep` takes reasons without the state that they are of; the words of those that wait are no end of a program. */
function headed(lines: readonly string[]): string[] {
  return lines.flatMap((line, at) => {
    const reason = reasonLine.exec(line)?.[1];
    if (reason === undefined || stateLine.test(lines[at - 1] ?? '')) return [line];
    const state = waits.test(reason) ? '    State:  Waiting' : '    Last State:  Terminated';
    return [state, `      Reason: ${reason}`];
  });
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
