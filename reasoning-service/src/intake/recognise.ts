import { writerOf } from '../diagnosis/unplaced-log.ts';
import { troubleInUnread } from '../diagnosis/verdict/unread-trouble.ts';
import { isAlertText, readAlertText } from './alert-text.ts';
import { readChecks } from './checks.ts';
import { depthOf } from './cut-json.ts';
import { isDescribe, readDescribe } from './describe/describe.ts';
import { drainIn, readDrain } from './drain.ts';
import { unframed } from './k9s.ts';
import { isLogOfBrackets, isLoneLine, isPrefixed, logNameOf, looksLikeLog, readLog } from './log.ts';
import { readJournal } from './node-journal.ts';
import { readPlainText } from './plain-text.ts';
import { choosesValues, readValues } from './printed-paths.ts';
import { unquoted } from './quoted.ts';
import { type Context, isEmpty, joined, type Reading, reading, type Source, unreadable } from './reading.ts';
import { readSentences } from './sentences.ts';
import { readCut, readJson, readYaml } from './structured.ts';
import { type Command, printsEvidence, stretches } from './transcript.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;
const NUL = '\u0000';
const MiB = 1024 * 1024;
/** Of tables, descriptions and terminals so much is read from both ends: more would not be answered within two seconds. */
const END = 2 * MiB;
/** Parts of one file that are named as unread, so that what cannot be read does not fill the answer. */
const MOST_UNREAD = 20;
/** Figures of one file: more than any `kubectl top` prints of a cluster. */
const MOST_METRICS = 20_000;
/** What any reader of this takes in; Kubernetes itself takes no more than a hundred. */
const DEEPEST = 1_000;
const yamlStart = /^(?:- )?(?:apiVersion|kind|objects|bundle|alerts):(?:\s|$)/m;

/** Reads a file by what is in it; what cannot be read is named with the reason. `at` is when the evidence was taken. */
export function recognise({ name, text, left_out, skipped }: Source, at: string): Reading {
  if (skipped !== undefined) return unreadable(name, skipped);
  const found = bounded(readSafely(name, at, text), name);
  if (left_out === undefined) return found;
  return isEmpty(found) && isDocument(text) ? unreadable(name, TOO_LONG) : { ...found, cut: [...found.cut, left_out] };
}

/** A document is whole or nothing, and a log of which each line is one was read. */
const TOO_LONG =
  'is JSON or YAML of more than 64 MiB, of which the two ends tell nothing: ask for less at a time, as kubectl get pods -n NAMESPACE -o json into a file of its own for each namespace, or for a table (without -o), which is read from both ends';
/** What gzip, zip and xz begin with; bytes that are no text were replaced before. */
const packed = ['\u001f\ufffd', '\u001f\u008b', 'PK\u0003\u0004', '\ufffd7zXZ'];
const isDocument = (text: string): boolean => /^\s*[{[]/.test(text) || yamlStart.test(text.slice(0, END));

function bounded(found: Reading, file: string): Reading {
  const told = found.unread.length + found.cut.length + Object.keys(found.stated).length;
  if (isEmpty(found) && told === 0)
    return { ...found, unread: [{ file, reason: 'holds no object, event, log line, figure or alert' }] };
  const parts = found.unread.length - MOST_UNREAD;
  const figures = found.metrics.length - MOST_METRICS;
  return {
    ...found,
    unread: [
      ...found.unread.slice(0, MOST_UNREAD),
      ...(parts > 0 ? [{ file, reason: `and ${parts} more parts` }] : []),
    ],
    metrics: found.metrics.slice(0, MOST_METRICS),
    cut: [...found.cut, ...(figures > 0 ? [`${file}: ${figures} figures of usage`] : [])],
  };
}

/** Brackets in brackets, a hundred thousand deep, exhaust the stack of any reader. */
function readSafely(file: string, at: string, text: string): Reading {
  try {
    return readText(file, at, text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const depth = depthOf(text);
    const why =
      depth > DEEPEST
        ? `is nested ${depth} levels deep; up to about ${DEEPEST} are read`
        : `cannot be taken in: ${error.message}`;
    return unreadable(file, why);
  }
}

function readText(file: string, at: string, raw: string): Reading {
  if (packed.some((head) => raw.startsWith(head))) return unreadable(file, 'is an archive: unpack it first');
  if (raw.slice(0, 8_192).includes(NUL)) return unreadable(file, 'is not text');
  const plain = raw
    .replace(/^\uFEFF/, '')
    .replace(colours, '')
    .replaceAll('\r\n', '\n');
  if (plain.trim() === '') return unreadable(file, 'is empty');
  // Whoever ships the journals of nodes prints them as its own log.
  if (logNameOf(file) !== undefined) return readJournal(plain, { file, at }) ?? readLog(file, plain);
  const text = unquoted(plain);
  const context: Context = { file, at, readText: (inner, innerText) => readText(inner, at, innerText) };
  if (isAlertText(text)) return readAlertText(file, text, at);
  if (text.length > 2 * END && !isDocument(text)) return readEnds(context, text);
  return readStretches(context, unframed(text));
}

/** A part that is left out may hold anything, so no listing of such a file is whole. */
function readEnds(context: Context, text: string): Reading {
  const [from, to] = [text.lastIndexOf('\n', END), text.indexOf('\n', text.length - END)];
  const ends = `${text.slice(0, from < 0 ? END : from)}\n${text.slice(to < 0 ? text.length - END : to)}`;
  const found = readStretches(context, ends);
  // A log alone is passed over quickly, and what speaks of failure may stand in the middle.
  if (isLogAlone(found, ends)) return readLog(context.file, text);
  if (isEmpty(found)) return found;
  const left = `${context.file}: ${Math.max(1, Math.round((text.length - 2 * END) / MiB))} MiB between its first and last ${END / MiB} MiB`;
  return { ...found, complete: [], cut: [...found.cut, left] };
}

const isLogAlone = (found: Reading, text: string): boolean =>
  found.logs.length > 0 &&
  found.unread.length === 0 &&
  isEmpty({ ...found, logs: [] }) &&
  stretches(text).every(({ command }) => command === undefined);

function readStretches(context: Context, text: string): Reading {
  return joined(
    stretches(text).flatMap(({ command, text: part, isProse, isForeign, node }) => {
      const there = node === undefined ? context : { ...context, node };
      if (isForeign) return readForeign(there, part);
      return answered(command, isProse ? readProse(there, part) : readStretch(there, part, command));
    }),
  );
}

/** What another program printed may be anybody's log, and so is not placed. */
function readForeign(context: Context, text: string): Reading {
  const found = readStretch(context, text, undefined);
  return { ...found, logs: found.logs.map((log) => ({ ...log, pod: log.pod ?? writerOf(context.file) })) };
}

/** What somebody wrote around the fences speaks of errors without being a log; a table or a manifest may stand there bare. */
function readProse(context: Context, text: string): Reading {
  const found = readStretch(context, text, undefined);
  const [first = ''] = text.trim().split('\n');
  return isEmpty({ ...found, logs: [] })
    ? unreadable(context.file, `words outside of the fences: "${first.slice(0, 80)}"`)
    : found;
}

/** A kind that was asked for and is not in the answer has no objects. */
function answered(command: Command | undefined, found: Reading): Reading[] {
  if (command?.verb !== 'get' || command.isPartial || command.namespace === undefined || isEmpty(found)) return [found];
  const { namespace } = command;
  const kinds = command.kinds.filter((kind) => kind !== 'Event' && !found.complete.some((one) => one.kind === kind));
  return [found, reading({ complete: kinds.map((kind) => ({ kind, namespace })) })];
}

function readStretch(context: Context, text: string, command: Command | undefined): Reading {
  const { file, at, node } = context;
  if (text.trim() === '') return unreadable(file, `nothing follows "kubectl ${command?.verb ?? ''}"`);
  if (command !== undefined && !printsEvidence(command)) return otherwise(context, text, command);
  if (choosesValues(command)) return readValues(text, { file, at, command });
  if (command?.verb === 'drain') return readDrain(text, { file, at, command });
  if (command?.verb === 'logs' || isPrefixed(text)) return readLog(file, text, command);
  const drain = command === undefined ? drainIn(text) : undefined;
  if (drain !== undefined) return besideDrain(context, drain);
  return readChecks(text) ?? readJournal(text, { file, at, node }) ?? readForm(context, text, command);
}

/** Lines of the script that drains, or a table below, are read by themselves. */
function besideDrain(context: Context, { said, rest }: { said: string; rest: string }): Reading {
  const found = readDrain(said, context);
  return rest.trim() === '' ? found : joined([found, readStretch(context, rest, undefined)]);
}

function readForm(context: Context, text: string, command: Command | undefined): Reading {
  const { file, at } = context;
  const asked = { ...context, command };
  if (/^\s*[{[]/.test(text)) return readJsonOrLog(asked, text, command);
  if (isDescribe(text, command)) return readDescribe(text, { file, at, command });
  if (yamlStart.test(text)) return readYaml(asked, text);
  return readCut(asked, text) ?? readPlainText(text, { file, at, command }) ?? readRest(context, text, command);
}

function readRest(context: Context, text: string, command: Command | undefined): Reading {
  if (command?.verb === 'describe') return otherwise(context, text, command);
  const said = readSentences(text, context.at);
  if (said !== undefined) return said;
  return looksLikeLog(context.file, text)
    ? readLog(context.file, text, command)
    : unreadable(context.file, `is none of the forms that this command reads${troubleInUnread(text)}`);
}

/** A command that changes things or asks for something else may still print objects; what else it prints is nobody's log. */
function otherwise(context: Context, text: string, { verb, namespace }: Command): Reading {
  const read = readStretch(context, text, undefined);
  const placed = <T extends { namespace: string | null | undefined }>(items: readonly T[]): T[] =>
    items.map((item) => (item.namespace === undefined ? { ...item, namespace } : item));
  const found = { ...read, events: placed(read.events), objects: placed(read.objects) };
  const [first = ''] = text.trim().split('\n');
  return isEmpty({ ...found, logs: [] })
    ? unreadable(
        context.file,
        `what "kubectl ${verb}" printed, which begins with "${first.slice(0, 80)}"${troubleInUnread(text)}`,
      )
    : found;
}

function readJsonOrLog(context: Context, text: string, command: Command | undefined): Reading {
  const found = readJson(context, text);
  const isBroken = found.unread.length > 0 && found.unread.every(({ reason }) => reason.startsWith('is broken JSON'));
  return (isBroken && isLogOfBrackets(context.file, text)) || (isEmpty(found) && isLoneLine(text))
    ? readLog(context.file, text, command)
    : found;
}
