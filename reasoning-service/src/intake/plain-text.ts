import { troubleInUnread } from '../diagnosis/verdict/unread-trouble.ts';
import { headedEvents } from './describe/describe.ts';
import { eventsHead } from './describe/fragment.ts';
import { isClusterWide, kindOfWord } from './kind-names.ts';
import { isTimed, readLog } from './log.ts';
import { joined, type Reading, reading, unreadable } from './reading.ts';
import { refusalIn } from './refusals.ts';
import { type Origin, readTableOf } from './table/read-table.ts';
import { shapedRow, tablesOf } from './table/row-shapes.ts';
import { isHeader, readTable } from './table/table.ts';
import { unwrapped } from './table/wrapped.ts';
import type { Command } from './transcript.ts';

const nothing = /^No resources found(?: in (\S+) namespace)?\.?$/;
const refused = /^(?:Error from server|error:|The connection to the server|Unable to connect to the server)/;
/** A policy says in lines of its own, with blank ones between them, what it does not like. */
const denied = /^Error from server.{0,400} denied the request/;
const MOST_EXPLAINED = 40;
/** Tables and sentences of one text; nobody prints so many. */
const MOST_BLOCKS = 20_000;
/** What keeps a client from trusting the API server, or it from trusting the client. */
const distrust = /x509:|tls: |certificate/;
/** What `kubectl` says of its own doing as long as that goes well, above the answer. */
const aside =
  /^(?:Warning: .{1,200} is deprecated|Waiting for .{1,300} (?:to finish|to be ready)(?::|\.\.\.)|[a-z][a-z0-9.-]{0,120}\/[a-z0-9.-]{1,253} (?:created|configured|unchanged|serverside-applied)\b)/;

/**
 * Text as `kubectl get`, `events` and `top` print it: tables, "No resources found", refusals, and the log that somebody pasted
 * below them. Undefined when none of its blocks is of that kind.
 */
export function readPlainText(text: string, origin: Origin): Reading | undefined {
  const blocks = blocksOf(text);
  const found = blocks.slice(0, MOST_BLOCKS).map((block) => readBlock(block, origin));
  if (found.every((one) => one === undefined)) return undefined;
  const unread = blocks.filter((_, index) => index < found.length && found[index] === undefined);
  const logs = unread.filter(isTimed);
  const read = joined([
    ...found.filter((one) => one !== undefined),
    ...(logs.length === 0 ? [] : [readLog(origin.file, logs.map((lines) => lines.join('\n')).join('\n'))]),
    ...unread.filter((lines) => !logs.includes(lines)).map((lines) => strange(origin.file, lines)),
  ]);
  const left = blocks.length - found.length;
  return left === 0 ? read : { ...read, complete: [], cut: [...read.cut, `${origin.file}: ${left} of its parts`] };
}

const strange = (file: string, lines: readonly string[]): Reading =>
  unreadable(
    file,
    `a part that begins with "${(lines[0] ?? '').trim().slice(0, 80)}"${troubleInUnread(lines.join('\n'))}`,
  );

/** Blank lines part tables, and so does each new header. */
function blocksOf(text: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of unwrapped(text.split('\n').filter((one) => !aside.test(one)))) {
    if (line.trim() !== '') place(line, blocks);
    else if (!isExplained(blocks)) blocks.push([]);
  }
  return blocks.filter((block) => block.length > 0);
}

function place(line: string, blocks: string[][]): void {
  const isSentence = nothing.test(line.trim()) || refused.test(line) || rolledOut.test(line);
  if (isSentence || isHeader(line) || eventsHead.test(line)) blocks.push([line]);
  else blocks.at(-1)?.push(line);
  if (isSentence && !denied.test(line)) blocks.push([]);
}

/** Whether what comes last is a denial whose reasons follow. */
function isExplained(blocks: readonly string[][]): boolean {
  const last = blocks.at(-1) ?? [];
  return last.length > 0 && last.length < MOST_EXPLAINED && denied.test(last[0] ?? '');
}

function readBlock(block: readonly string[], origin: Origin): Reading | undefined {
  const [first = ''] = block;
  const absence = nothing.exec(first.trim());
  if (absence !== null) return emptyListing(absence[1], origin);
  if (refused.test(first)) {
    const event = refusalIn(block.join('\n'), origin.at);
    if (event !== undefined) return reading({ events: [event] });
    if (distrust.test(first)) return readLog(origin.file, first);
    return (
      rolloutIn(first, origin.command) ??
      unreadable(origin.file, `the API server said: ${first.trim()}${troubleInUnread(first)}`)
    );
  }
  if (rolledOut.test(first)) return rolloutIn(first, origin.command);
  if (eventsHead.test(first)) return readSaid(block, origin);
  const table = readTable(block);
  return table === undefined ? readRows(block, origin) : readTableOf(table, origin);
}

const overdue = /^error: deployment "([a-z0-9.-]{1,253})" exceeded its progress deadline$/;
const rolledOut = /^deployment "([a-z0-9.-]{1,253})" successfully rolled out$/;

/** `kubectl rollout status` ends with what the conditions of the Deployment say. */
function rolloutIn(line: string, command: Command | undefined): Reading | undefined {
  const [, late] = overdue.exec(line.trim()) ?? [];
  const [, done] = rolledOut.exec(line.trim()) ?? [];
  const name = late ?? done;
  if (name === undefined) return undefined;
  const conditions =
    late === undefined
      ? [
          { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
          { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
        ]
      : [
          {
            ...{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
            message: `deployment "${name}" exceeded its progress deadline`,
          },
        ];
  const body = { status: { conditions, isPart: true } };
  return reading({ objects: [{ detail: 'row', kind: 'Deployment', namespace: command?.namespace, name, body }] });
}

/** Events of a description below their head. With one blank between its cells the rows alone tell which is which. */
const readSaid = (block: readonly string[], origin: Origin): Reading | undefined =>
  /\S(?: {2}|\t)/.test(block[0] ?? '')
    ? headedEvents(block, origin)
    : readRows(
        block.slice(1).filter((line) => !/^[\s-]+$/.test(line)),
        origin,
      );

/** Rows of which the header was left out, as `grep` and `--no-headers` do; where most lines are none, nothing is. */
function readRows(block: readonly string[], origin: Origin): Reading | undefined {
  const [first = ''] = block;
  const asked = origin.command?.kinds.length === 1 ? origin.command.kinds[0] : undefined;
  // One look settles it for a log of many lines.
  if (shapedRow(first, asked) === undefined) return undefined;
  const rows = block.map((line) => ({ line, row: shapedRow(line, asked) }));
  const known = rows.flatMap(({ row }) => row ?? []);
  if (known.length * 2 <= rows.length) return undefined;
  return joined([
    ...tablesOf(known).map((table) => readTableOf(table, origin)),
    ...rows.flatMap(({ line, row }) => (row === undefined ? [strange(origin.file, [line])] : [])),
  ]);
}

/** That there is none is a statement too, where it is known of what. */
function emptyListing(namespace: string | undefined, { file, command }: Origin): Reading {
  const kinds = command === undefined ? kindsInName(file) : command.kinds;
  const where = namespace === undefined ? '' : ` in ${namespace}`;
  if (kinds.length === 0) return unreadable(file, `says that there are no resources${where}, but not of which kind`);
  if (command?.selector !== undefined)
    return reading({
      cut: [
        `${file}: no ${kinds.join(' or ')}${where} answers to ${command.selector.slice(0, 120)}; of the others that says nothing`,
      ],
    });
  return reading({
    complete: kinds.map((kind) => ({
      kind,
      namespace:
        isClusterWide(kind) || (namespace === undefined && command?.namespace === null)
          ? null
          : (namespace ?? command?.namespace),
    })),
  });
}

/** An empty listing holds nothing to know it by, so here alone the file's name is asked. */
const kindsInName = (file: string): string[] => {
  const words = (file.split('/').at(-1) ?? '').replace(/\.[a-z]+$/, '').split(/[^A-Za-z]+/);
  return [...new Set(words.map((word) => (word.length < 2 ? undefined : kindOfWord(word))))].filter(
    (kind) => kind !== undefined,
  );
};
