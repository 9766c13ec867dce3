import { anyOf } from './any-of.ts';
import { isComplaint, isNestedCause, type Statement } from './log-line.ts';
import { systemLimitIn } from './system-limit.ts';

/** How runtimes tell that a program ends of what it did not catch. */
const uncaught = anyOf(
  /^Exception in thread "main"|^panic: |^fatal error: |\bthread '[^']{1,60}' (?:\(\d{1,10}\) )?panicked at\b/,
  /\b[Uu]ncaught (?:\(in promise\) )?\w{0,40}(?:Error|Exception)\b|\bUnhandled (?:[Ee]xception|promise rejection)\b/,
  /^Terminating due to \S|^bundler: failed to load command: |core dumped|^(?:Segmentation fault|Aborted|Bus error)\b/,
  /^\S{1,200}\.rb:\d{1,6}:in [`'][^']{1,120}': /,
  // C++, Elixir and Erlang, Swift and OCaml, R.
  /^terminate called (?:after throwing|without an active exception|recursively)/,
  /^\*\* \([A-Z][\w.]{0,80}(?: from #PID\S{1,20})?\)|^\{?"?Kernel pid terminated|^Crash dump is being written/,
  /^(?:\S{1,200}:\d{1,6}: )?Fatal error: |^Execution halted/,
  // Node of a promise, libc++, the virtual machine of Java itself, Lua.
  /^\[?UnhandledPromiseRejection\b|^libc\+\+abi: terminating|^# A fatal error has been detected by the Java Runtime/,
  /^(?:\/\S{1,60}\/)?lua(?:jit|\d[\d.]{0,5})?: \S{1,200}:\d{1,6}: /,
);
/** PHP on a command line; under a web server the same ends a request, and each line begins with who says it. */
const ofPhp = /^PHP (?:Fatal|Parse) error: /;
const inRequest = /\bPHP message: |\bsaid into std(?:err|out): /;
/** Perl says the same of a warning, so its words have to complain. */
const ofPerl = / at \S{1,200}\.p[lm] line \d{1,7}(?:, <\w{1,40}> (?:line|chunk) \d{1,9})?\.$/;
/** How Spring tells that what stands below kept it from starting. */
const ofSpring = /\bApplication run failed$/;
/** What an entry point prepares before it begins: it goes no further without. */
const unprepared =
  /^(?:mkdir|chown|chmod|touch|cp|ln|install): .{1,300}: (?:Permission denied|Read-only file system|Operation not permitted)$/;
/** How servers tell that they do not start, mostly for their settings; why stands in what they complained of right before. */
const notStarted = anyOf(
  /^(?:nginx: )?\[emerg\] |\[emerg\] \d{1,9}#\d{1,9}: |\[Server\] Aborting$|^\d{4}-\d\d-\d\d.{1,40}\[ERROR\] Aborting$/,
  /\bFatal errors found in configuration\b|\berror initializing configuration\b/,
  /\bFATAL: {1,2}(?:configuration file|lock file|data directory|database files are incompatible|could not create (?:lock file|any))/,
  /^Error: (?:adapting|loading) (?:initial )?config\b/,
);
const raised = /^(?:\w{1,60}\.){0,6}\w{0,60}(?:Error|Exception)\b/;
/** Lines of loggers whose gravest level ends the program; that of a server may end no more than a session. */
const lastLevel =
  /^F\d{4} [\d:.]{8,20} +\d+ \S+:\d+\] |^(?:\S{1,40} ){0,2}\[FATAL\] |\blevel=(?:fatal|panic)\b|"level":\s?"(?:fatal|panic)"|^\S{1,40} FTL /;
/** What a runtime, or what started it, adds at the very end. */
const ofNode = /^(?:Node\.js|Bun) v\d/;
const ofHaskell = /^(?:CallStack \(from HasCallStack\)|HasCallStack backtrace):/;
const postscript = anyOf(
  ofNode,
  ofHaskell,
  /^exit status \d{1,3}$|^npm (?:ERR!|error)(?: |$)|^error Command failed with exit code \d|^info Visit https:\/\/yarnpkg\.com/,
  /^\[signal SIG[A-Z]+: /,
  // The trace of PHP and of Lua, the report of Java's machine, and what Postgres adds.
  /^Stack trace:$|^#(?:\d{1,4} | (?!A fatal error)|$)|^stack traceback:|(?:^|\] )(?:HINT|DETAIL): |\bdatabase system is shut down$/,
  /^\s*(?:\[?ELIFECYCLE\]?|ERR_PNPM_\S{1,60})\b/,
);

function isUncaught(one: Statement, { before, after }: { before: Statement | undefined; after: readonly Statement[] }) {
  const { line, text, trace } = one;
  if (inRequest.test(line)) return false;
  if (one.level === 'fatal' && systemLimitIn(text) !== undefined) return true;
  if (uncaught.test(text) || ofPhp.test(line) || unprepared.test(line) || lastLevel.test(line)) return true;
  if (after.some(({ text: told }) => ofHaskell.test(told)) || (ofPerl.test(text) && isComplaint(one))) return true;
  return raised.test(text) && (trace.includes('  File "') || (before !== undefined && ofSpring.test(before.text)));
}

/** These say below what they mean, over so many lines. */
const headOfReport = /^\*\*\* FATAL CONFIG FILE ERROR|\bAH\d{5}: Syntax error on line \d/;
const REPORT = 4;

/** Why a server did not start: the first of what it complained of up to its end. */
function notStartedFor(statements: readonly Statement[], at: number): Statement | undefined {
  const report = statements.slice(-REPORT).find(({ line }) => headOfReport.test(line));
  if (report !== undefined) return report;
  const from = statements.findLastIndex((one, index) => index < at && !isComplaint(one)) + 1;
  return notStarted.test(statements[at]?.line ?? '') ? statements[from] : undefined;
}

/** So many statements of a report Node writes at most between what was raised and its own name. */
const NEAR = 6;

/** What Node ends of: it names itself last of all. */
function lastRaised(statements: readonly Statement[], at: number): Statement | undefined {
  const before = statements.slice(Math.max(0, at + 1 - NEAR), at + 1);
  const from = before.findLastIndex(({ level }) => level === 'info' || level === 'warn') + 1;
  return before.slice(from).findLast(({ text }) => raised.test(text));
}

/** The words with which a log ends where its program ended of something that it did not catch. */
export function lastUncaught(statements: readonly Statement[]): Statement | undefined {
  const at = statements.findLastIndex((one) => !postscript.test(one.text) && !isNestedCause(one));
  const last = statements[at];
  const after = statements.slice(at + 1);
  const isGrave = last?.level !== 'info' && last?.level !== 'warn';
  if (last !== undefined && isGrave && isUncaught(last, { before: statements[at - 1], after })) return last;
  return (
    notStartedFor(statements, at) ??
    (after.some(({ text }) => ofNode.test(text)) ? lastRaised(statements, at) : undefined)
  );
}
