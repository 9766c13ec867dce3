import { anyOf } from './any-of.ts';
import type { Statement } from './log-line.ts';

/** How runtimes tell that a program ends of what it did not catch. */
const uncaught = anyOf(
  /^Exception in thread "main"|^panic: |^fatal error: |\bthread '[^']{1,60}' (?:\(\d{1,10}\) )?panicked at\b/,
  /\b[Uu]ncaught \w{0,40}(?:Error|Exception)\b|\bUnhandled (?:exception|promise rejection)\b/,
  /^Terminating due to \S|^bundler: failed to load command: |core dumped|^Segmentation fault/,
  /^\S{1,200}\.rb:\d{1,6}:in [`'][^']{1,120}': /,
);
const raised = /^(?:\w{1,60}\.){0,6}\w{0,60}(?:Error|Exception)\b/;
/** What a runtime adds at its very end. */
const postscript = /^Node\.js v\d|^exit status \d{1,3}$/;

const isUncaught = ({ text, trace }: Statement): boolean =>
  uncaught.test(text) || (raised.test(text) && trace.includes('  File "'));

/** The words with which a log ends where its program ended of something that it did not catch. */
export function lastUncaught(statements: readonly Statement[]): Statement | undefined {
  const last = statements.findLast(({ text }) => !postscript.test(text));
  const isGrave = last?.level !== 'info' && last?.level !== 'warn';
  return last !== undefined && isGrave && isUncaught(last) ? last : undefined;
}
