import { isEveryday } from './everyday.ts';
import { type Level, levelOf, withoutNothing } from './log-level.ts';
import { MOST_LETTERS, messageOf, withoutClient } from './log-message.ts';
import { isSchemaBehind } from './schema.ts';
import { complaintAbroad } from './signatures/translated.ts';
import { createFrames } from './stack-frame.ts';
import { isFailedTest, isPassedTest, withoutPassedRun } from './test-run.ts';

/** One statement of a program: the line that heads it with what is indented below, without the stack frames. */
export type Statement = {
  /** The line at its head as it stands in the log, for evidence. */
  line: string;
  /** The lines below that belong to it, as they stand in the log. */
  body: readonly string[];
  /** The message without time and level, where the format tells them apart. */
  text: string;
  level: Level;
  /** The frames right before it, which Python writes before the exception. */
  trace: string;
};

/** No more frames are kept: the last of them raised. */
const MOST_FRAMES = 6;

/** What kubectl, the API server or the kubelet answers in place of a log, or above it: nobody's words about the fault. */
const noLog = new RegExp(
  [
    /^(?:unable to retrieve container logs for|failed to try resolving symlinks in path) \S/,
    /^Error from server(?: \(\w{1,40}\))?: Get "https?:\/\/\S{1,300}\/containerLogs\//,
    /^Error from server \(BadRequest\): (?:previous terminated )?container "[^"]{1,253}" in pod "[^"]{1,253}" (?:not found|is )/,
    /^Error from server(?: \(\w{1,40}\))?: .{0,400}\bpods\/log\b/,
    /^Error from server: no preferred addresses found/,
    /^error: a container name must be specified for pod \S/,
    /^Defaulted container "[^"]{1,253}" out of: /,
  ]
    .map(({ source }) => source)
    .join('|'),
);
export const isNoLog = (line: string): boolean => noLog.test(line);

/** A nested cause says more than what wraps it. */
const nested = /^\s{0,8}Caused by: |^\s*\[cause\]: /;
export const isNestedCause = ({ line }: Pick<Statement, 'line'>): boolean => nested.test(line);
/** What only begins a report: what it means stands in the line below, be that indented or not. */
const opening = /\bpanicked at \S{1,300}:\d{1,7}:\d{1,5}:$|^Unhandled exception:$/;
export const isOpening = ({ line }: Pick<Statement, 'line'>): boolean => opening.test(line);
/** The end of a block, which says nothing. */
const closing = /^[\s\])}>,;]+$/;
/** Below these stands how a program is to be called, and not what it met. */
const manual = /^(?:usage|(?:\w+ )?(?:flags|options|commands|arguments|examples))\b.{0,40}:/i;

export const isManual = ({ line }: Pick<Statement, 'line'>): boolean => manual.test(line);

/** What PHP's process manager repeats of a program, each line as a warning of its own, and what PHP sends it, all as notices. */
const repeated =
  /^(?:\[[^\]]{1,40}\] )?WARNING: \[pool [^\]]{1,60}\] child \d{1,10} said into std(?:err|out): "(?:NOTICE: PHP message: )?(.*?)"?(?:, pipe is closed)?$/;
const noticed = /^(?:\[[^\]]{1,40}\] )?NOTICE: PHP message: (.*)$/;

/** A line without the wrapper that another program put around it. */
const unwrapped = (line: string): string => (repeated.exec(line) ?? noticed.exec(line))?.[1] ?? line;

const TAB = 8;
const depthOf = (line: string): number => {
  const blank = /^[ \t]*/.exec(line)?.[0] ?? '';
  return blank.length + (TAB - 1) * (blank.split('\t').length - 1);
};

/** Whether a line is indented below another, by more than the one blank that slips in. */
const isBelow = (line: string, head: Statement | undefined): head is Statement =>
  head !== undefined &&
  ((/^(?: {2}|\t)/.test(line) && depthOf(line) > depthOf(head.line) + 1) ||
    (head.body.length === 0 && isOpening(head)));

function headed(line: string, above: Statement | undefined, trace: string): Statement {
  const isNested = nested.test(line);
  const told = unwrapped(line);
  const level = isNested ? (above?.level ?? 'error') : levelOf(told);
  const own = withoutClient(messageOf(told, level !== 'info'));
  const grave = level === 'none' && isNested ? 'error' : level;
  const stated = own.level ?? (grave === 'none' && isFailedTest(told) ? 'warn' : grave);
  return {
    line,
    body: [],
    text: own.text,
    level: stated !== 'info' && isEveryday(own.text, told) ? 'info' : stated,
    trace,
  };
}

/** A name with a value of one word: a setting or a count, and no class of errors. */
const setting =
  /^\s*(?!(?:[a-z]\w{0,40}\.){0,8}[A-Z]\w{0,60}(?:Error|Exception):)["']?[\w.-]{1,60}["']?\s*[:=]\s*\S{0,40}$/;

/** A statement with one more line of its body; of what is well, of a manual, and of a list of settings nothing is kept. */
function withBody(head: Statement, line: string): Statement {
  if (head.level === 'info' || isPassedTest(line) || manual.test(head.line) || head.text.length >= MOST_LETTERS)
    return head;
  if (head.level === 'none' && setting.test(line)) return head;
  const text = `${head.text} ${line.trim().replaceAll('\\"', '"')}`.slice(0, MOST_LETTERS);
  return { ...head, text, body: [...head.body, line] };
}

/** Folds a log into statements: frames disappear, nested causes stand for themselves. */
export function statementsOf(lines: readonly string[]): Statement[] {
  const statements: Statement[] = [];
  const isFrame = createFrames();
  let frames: string[] = [];
  for (const whole of withoutPassedRun(lines)) {
    const line = whole.slice(0, MOST_LETTERS);
    const isNested = nested.test(line);
    const above = statements.at(-1);
    if (line.trim() === '' || noLog.test(line) || (!isNested && isFrame(line))) {
      frames = [...frames.slice(1 - MOST_FRAMES), line];
    } else if (!isNested && isBelow(line, above)) {
      statements[statements.length - 1] = withBody(above, line);
    } else if (above === undefined || !closing.test(line)) {
      statements.push(headed(line, above, frames.join('\n')));
      frames = [];
    }
  }
  return statements;
}

const complaint =
  /\b(?:error|fatal|panic|exception|cannot|can't|could not|failed|failure|invalid|refus|denied|abort|unable|illegal|traceback|segfault|undefined|unexpected|missing|must be|provided but not defined|unrecogni[sz]ed|unknown (?:shorthand )?(?:flag|option|argument|command|subcommand))/i;

/** A line of a body that is a complaint of its own; in lists of results the words of one stand further back. */
const loud =
  /^[\s"'>-]*(?:[\w.$]{0,120}(?:Error|Exception)\b|(?:error|fatal|panic|failed|cannot|can't|could not|unable)\b)/i;

/** Ruby writes the class of what was raised behind the words. */
const ofRuby = /\.rb:\d{1,6}:in [`'].{1,300} \((?:[A-Z]\w{0,60}::){0,6}[A-Z]\w{0,60}\)$/;

/** Whether words tell a failure, of whatever level. */
export const isWordy = (text: string): boolean =>
  complaint.test(withoutNothing(text)) || complaintAbroad.test(text) || isSchemaBehind(text);

const saysSo = ({ line, text, body }: Statement): boolean => {
  if (ofRuby.test(line)) return true;
  return body.length === 0
    ? isWordy(text)
    : complaint.test(line) || isSchemaBehind(line) || body.some((one) => loud.test(one));
};

/** Whether a statement complains, by its level or, where it states none, by its words. */
export const isComplaint = (one: Statement): boolean =>
  one.level === 'fatal' || one.level === 'error' || (one.level === 'none' && saysSo(one));
