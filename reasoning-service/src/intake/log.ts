import { partsOf } from './prefixed-log.ts';
import { joined, type Reading, type ReadLog, reading, unreadable } from './reading.ts';
import type { Command } from './transcript.ts';

const HEAD = 200;
const TAIL = 500;
const ERRORS = 500;
const MAX_LINE = 2_000;

const k8sName = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';
const named = new RegExp(`^(${k8sName})_(${k8sName})_(${k8sName})(_previous)?\\.log$`);
/** As the kubelet names them on a node: `<pod>_<namespace>_<container>-<id>.log`. */
const onNode = new RegExp(`^(${k8sName})_(${k8sName})_(${k8sName})-[0-9a-f]{64}\\.log$`);

type LogName = { namespace: string; pod: string; container: string; previous: boolean };

/** What a log's file name tells of its source, or undefined. */
export function logNameOf(file: string): LogName | undefined {
  const base = file.split('/').at(-1) ?? '';
  const [, pod, space, inner] = onNode.exec(base) ?? [];
  if (pod !== undefined && space !== undefined && inner !== undefined)
    return { namespace: space, pod, container: inner, previous: false };
  const [, namespace, name, container, previous] = named.exec(base) ?? [];
  if (namespace === undefined || name === undefined || container === undefined) return undefined;
  // `<pod>_<container>_previous.log` has three parts as well.
  if (container === 'previous') return undefined;
  return { namespace, pod: name, container, previous: previous !== undefined };
}

const stamped =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]|\[?\d\d:\d\d:\d\d|[IWEF]\d{4} |[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d|\{.*\}$)/;
const loud =
  /\b(?:error|err|fatal|panic|exception|traceback|fail(?:ed|ure)?|critical|severe|warn(?:ing)?|refused|timed? ?out|denied|killed|cannot|unable|no such)\b/i;
/** A time of the day, which some programs put in the middle of a line. */
const clock = /\b\d\d:\d\d:\d\d\b/;
const logNames = /\.(?:log|out|err)(?:\.\d+)?$/;

/** Whether most lines tell when they were written. */
export const isTimed = (lines: readonly string[]): boolean =>
  lines.filter((line) => stamped.test(line) || clock.test(line)).length * 2 > lines.length;

/** A line of a list of changes: what was done, behind a mark, the number of a commit, or with a colon behind it. */
const change =
  /^\s*(?:[-*+•] +|[0-9a-f]{7,12} )[[(*`]{0,3}(?:fix(?:e[sd])?|feat(?:ure)?|add(?:s|ed)?|change[sd]?|removed?|bump(?:s|ed)?|improved?|updated?|supports?|deprecated?|docs?|chore|refactor|perf|tests?|security|build|ci|revert(?:ed)?|breaking|handle[sd]?|allow(?:s|ed)?|avoid(?:s|ed)?|prevent(?:s|ed)?)\b/i;
const CHANGES = 2;

/** Whether most of a text is a list of changes, which speaks of faults that are mended, and tells of no time. */
function isListOfChanges(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const changes = lines.filter((line) => change.test(line)).length;
  return changes >= CHANGES && changes * 2 > lines.length && !lines.some((line) => clock.test(line));
}

/** Whether text reads like a program's output: lines with times or levels, or words of failure. */
export function looksLikeLog(file: string, text: string): boolean {
  if (isListOfChanges(text)) return false;
  if (logNames.test(file)) return true;
  if (/\.(?:html?|csv|ts|js|py|go|sh)$/.test(file)) return false;
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 50);
  const timed = lines.filter((line) => clock.test(line)).length;
  if (timed > 1 && timed * 2 >= lines.length) return true;
  // Notes hold pieces of logs, and speak of failures in words of their own.
  return !file.endsWith('.md') && lines.some((line) => stamped.test(line) || loud.test(line));
}

/** What only a document of Kubernetes has. */
const ofKubernetes = /"(?:apiVersion|kind|metadata|items)"\s*:/;
const entry = /^(?:\{.*\}|\[[^\]{"]{4,80}\].*)\s*$/;
/** A time or a level in brackets, and words behind it; no document goes on behind its last bracket. */
const bracketed = /^\s*\[[^\]{}"]{1,80}\]:? ?[^\s,\]]/;

/** Whether text that begins with a bracket and is no JSON is a log: programs log JSON line by line, and put times in brackets. */
export function isLogOfBrackets(file: string, text: string): boolean {
  const front = text.slice(0, 4_000);
  const lines = text.trim().split('\n', 20);
  if (lines.filter((line) => entry.test(line)).length * 2 > lines.length) return true;
  return !ofKubernetes.test(front) && (bracketed.test(front) || entry.test(lines[0] ?? '') || logNames.test(file));
}

const saying = /"(?:msg|message|log|event)"\s?:\s?"/;
const whenOrHowGrave = /"(?:level|lvl|severity|time|ts|timestamp|@timestamp)"\s?:/;

/** Whether JSON of one line is all that a program has logged: what it said, with a time or a level. */
export function isLoneLine(text: string): boolean {
  const line = text.trim();
  return line.startsWith('{') && !line.includes('\n') && saying.test(line) && whenOrHowGrave.test(line);
}

/** What somebody or something said has words; a letter ten million times, or a blob, has none. */
const words = /\S\s+\S|\p{Lo}/u;
const [MOST_ONE_WORD, ENOUGH] = [1_000, 100_000];
const hasWords = (text: string): boolean => text.length <= MOST_ONE_WORD || words.test(text.slice(0, ENOUGH));

/** A container's log, or several where each line names its own; of a long one the first and last lines and those that speak of failure are kept. */
export function readLog(file: string, text: string, command?: Command): Reading {
  if (!hasWords(text)) return unreadable(file, `holds no words: it begins with "${text.slice(0, 20)}"`);
  const name = logNameOf(file);
  const lines = text.split('\n').map(unwrapped);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const [asked] = command?.names ?? [];
  const whole = {
    namespace: name?.namespace ?? command?.namespace ?? undefined,
    pod: name?.pod ?? (asked === undefined || command?.verb !== 'logs' ? undefined : asked.replace(/^pod\//, '')),
    container: name?.container ?? command?.container,
    previous: name?.previous ?? command?.previous ?? false,
  };
  const parts = name === undefined ? partsOf(lines) : undefined;
  if (parts === undefined) return readLines(file, { ...whole, lines });
  return joined(
    parts.map((part) => readLines(file, { ...whole, ...part, namespace: part.namespace ?? whole.namespace })),
  );
}

/** Whether each line names the pod that wrote it. */
export const isPrefixed = (text: string): boolean => partsOf(text.split('\n')) !== undefined;

/** A log as far as it is kept: its ends, and what speaks of failure between them. */
export function readLines(file: string, log: ReadLog): Reading {
  const { lines } = log;
  const kept = telling(lines);
  const left = lines.length - kept.length;
  const long = kept.filter((line) => line.length > MAX_LINE).length;
  return reading({
    logs: [
      { ...log, file, lines: kept.map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line)) },
    ],
    cut: [
      ...(left === 0 ? [] : [`${file}: ${left} of ${lines.length} lines`]),
      ...(long === 0 ? [] : [`${file}: what stands beyond ${MAX_LINE} letters in ${long} of its lines`]),
    ],
  });
}

/** A container runtime writes `time stream tag` before each line. */
const unwrapped = (line: string): string => line.replace(/\r$/, '').replace(/^\S+Z (?:stdout|stderr) [FP] /, '');

function telling(lines: readonly string[]): string[] {
  if (lines.length <= HEAD + TAIL) return [...lines];
  const tailFrom = lines.length - TAIL;
  const middle: string[] = [];
  // The first errors say more of a cause than the ten thousandth.
  for (let at = HEAD; at < tailFrom && middle.length < ERRORS; at += 1) {
    const line = lines[at] ?? '';
    if (loud.test(line.slice(0, MAX_LINE))) middle.push(line);
  }
  return [...lines.slice(0, HEAD), ...middle, ...lines.slice(tailFrom)];
}
