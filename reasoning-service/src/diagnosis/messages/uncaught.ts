import { anyOf } from './any-of.ts';
import type { Statement } from './log-line.ts';

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
);
const raised = /^(?:\w{1,60}\.){0,6}\w{0,60}(?:Error|Exception)\b/;
/** Lines of loggers whose gravest level ends the program; that of a server may end no more than a session. */
const lastLevel =
  /^F\d{4} [\d:.]{8,20} +\d+ \S+:\d+\] |^(?:\S{1,40} ){0,2}\[FATAL\] |\blevel=(?:fatal|panic)\b|"level":\s?"(?:fatal|panic)"|^\S{1,40} FTL /;
/** What a runtime, or what started it, adds at the very end. */
const ofNode = /^Node\.js v\d/;
const ofHaskell = /^(?:CallStack \(from HasCallStack\)|HasCallStack backtrace):/;
const postscript = anyOf(
  ofNode,
  ofHaskell,
  /^exit status \d{1,3}$|^npm (?:ERR!|error)(?: |$)|^error Command failed with exit code \d|^info Visit https:\/\/yarnpkg\.com/,
  /^\[signal SIG[A-Z]+: /,
  /^\s*(?:\[?ELIFECYCLE\]?|ERR_PNPM_\S{1,60})\b/,
);

function isUncaught({ line, text, trace }: Statement, after: readonly Statement[]): boolean {
  if (uncaught.test(text) || lastLevel.test(line) || after.some((one) => ofHaskell.test(one.text))) return true;
  return raised.test(text) && trace.includes('  File "');
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
  const at = statements.findLastIndex(({ text }) => !postscript.test(text));
  const last = statements[at];
  const after = statements.slice(at + 1);
  const isGrave = last?.level !== 'info' && last?.level !== 'warn';
  if (last !== undefined && isGrave && isUncaught(last, after)) return last;
  return after.some(({ text }) => ofNode.test(text)) ? lastRaised(statements, at) : undefined;
}
