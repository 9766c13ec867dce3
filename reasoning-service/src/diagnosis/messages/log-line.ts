/** One statement of a program: a log line, or a stack trace folded to what it says. */
export type Statement = {
  /** As it stands in the log, for evidence. */
  line: string;
  /** The message without time and level, where the format tells them apart. */
  text: string;
  level: 'fatal' | 'error' | 'warn' | 'info' | 'none';
  /** The frames right before it, which Python writes before the exception. */
  trace: string;
};

/** No more frames are kept: the last of them raised. */
const MOST_FRAMES = 6;

/** No more of a line is read: words that name a cause stand near its front. */
const MOST_LETTERS = 800;

/** Lines that only continue the one before: stack frames, "... 12 more", source excerpts, carets. What a report gives as reason is more. */
const frame =
  /^\s+at |^\s*\.{3} \d+ (?:more|common frames)|^\s+File "|^\s{2,}(?!Reason: )\S|^\t|^goroutine \d+ |^\S{1,200}\(0x[0-9a-f]+|^\s*\^+\s*$|^created by |^Traceback \(most recent call last\)|^During handling of the above|^The above exception was/;

/** What the kubelet answers in place of a log that it has no more: nobody's words about the fault. */
const noLog = /^(?:unable to retrieve container logs for|failed to try resolving symlinks in path) \S/;

/** A nested cause says more than what wraps it. */
const nested = /^\s{0,8}Caused by: |^\s*\[cause\]: /;

const levelWords: readonly { level: Statement['level']; pattern: RegExp }[] = [
  { level: 'fatal', pattern: /\b(?:FATAL|PANIC|CRITICAL|CRIT|EMERG|ALERT|fatal|panic|critical|emerg)\b/ },
  { level: 'error', pattern: /\b(?:ERROR|ERR|SEVERE|error|Error|ERRO|ERR!|severe)\b|^E\d{4} / },
  { level: 'warn', pattern: /\b(?:WARN|WARNING|warn|warning|WRN|Warning)\b|^W\d{4} / },
  { level: 'info', pattern: /\b(?:INFO|DEBUG|TRACE|NOTICE|info|debug|trace|notice|INF|DBG|LOG)\b|^[ID]\d{4} / },
];
/** Where a level stands when a line has one: near its front, or as a field. */
const LEVEL_WITHIN = 70;
const numbered: Record<string, Statement['level']> = { 60: 'fatal', 50: 'error', 40: 'warn', 30: 'info', 20: 'info' };

function levelOf(text: string): Statement['level'] {
  const field = /\b(?:level|lvl|severity)["']?\s?[=:]\s?["']?([A-Za-z]{3,9}|\d0)/.exec(text)?.[1];
  if (field !== undefined) return numbered[field] ?? levelOf(` ${field} `);
  const front = text.slice(0, LEVEL_WITHIN);
  const found = levelWords
    .map(({ level, pattern }) => ({ level, at: front.search(pattern) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)[0];
  return found?.level ?? 'none';
}

/** What PHP's process manager repeats of a program, each line as a warning of its own. */
const repeated =
  /^(?:\[[^\]]{1,40}\] )?WARNING: \[pool [^\]]{1,60}\] child \d{1,10} said into std(?:err|out): "(?:NOTICE: PHP message: )?(.*?)"?(?:, pipe is closed)?$/;

/** A line without the wrapper that another program put around it. */
const unwrapped = (line: string): string => repeated.exec(line)?.[1] ?? line;

/** The message of a JSON or key=value line; the line itself for any other format. */
function messageOf(line: string): string {
  if (line.startsWith('{')) {
    try {
      const parsed = JSON.parse(line) as Record<string, unknown>;
      const texts = ['msg', 'message', 'error', 'err', 'exception', 'stack', 'detail', 'cause'].map(
        (name) => parsed[name],
      );
      const told = texts.flatMap((value) =>
        typeof value === 'string' ? value : value instanceof Object ? JSON.stringify(value) : [],
      );
      return told.length === 0 ? line : told.join(': ').replaceAll('\\"', '"').slice(0, MOST_LETTERS);
    } catch {
      return line;
    }
  }
  return line.replaceAll('\\"', '"');
}

/** A request that a server logs with its answer. Whoever asks writes its path, its referer and its agent. */
const request = /(?:^|[\s"'=:])(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \//;
const served = /\bHTTP\/\d(?:\.\d)?\\?"?[\s,]{1,3}(?:status[=: ]{1,2})?([1-5]\d\d)\b/;

/** The words of a line without those that a client chose, and its level where a request was served without fault. */
function withoutClient(text: string): { text: string; level?: 'info' } {
  if (!request.test(text)) return { text };
  const status = served.exec(text)?.[1];
  const quiet = text.replace(/((?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/)[^\s"]{0,800}/g, '$1');
  if (status === undefined) return { text: quiet };
  const own = quiet.replace(/"[^"]{0,800}"/g, '""');
  return status < '5' ? { text: own, level: 'info' } : { text: own };
}

/** Folds a log into statements: frames disappear, nested causes stand for themselves. */
export function statementsOf(lines: readonly string[]): Statement[] {
  const statements: Statement[] = [];
  let frames: string[] = [];
  for (const whole of lines) {
    const line = whole.slice(0, MOST_LETTERS);
    const isNested = nested.test(line);
    if (line.trim() === '' || noLog.test(line) || (!isNested && frame.test(line))) {
      frames = [...frames.slice(1 - MOST_FRAMES), line];
      continue;
    }
    const previous = statements.at(-1);
    const told = unwrapped(line);
    const own = withoutClient(messageOf(told));
    const level = own.level ?? (isNested ? (previous?.level ?? 'error') : levelOf(told));
    const trace = frames.join('\n');
    frames = [];
    statements.push({ line, text: own.text, level: level === 'none' && isNested ? 'error' : level, trace });
  }
  return statements;
}

const complaint =
  /\b(?:error|fatal|panic|exception|cannot|can't|could not|failed|failure|invalid|refus|denied|abort|unable|illegal|traceback|segfault|undefined|unexpected|missing|must be)/i;

/** Whether a statement complains, by its level or, where it states none, by its words. */
export const isComplaint = ({ level, text }: Statement): boolean =>
  level === 'fatal' || level === 'error' || (level === 'none' && complaint.test(text));
