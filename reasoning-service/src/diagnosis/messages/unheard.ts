import { anyOf } from './any-of.ts';
import { isComplaint, type Statement } from './log-line.ts';
import { MOST_LETTERS } from './log-message.ts';
import { causeIn } from './log-signature.ts';
import { isSurvived, unsettled } from './survived.ts';

/** So near to the end of a log stands why a program ended. */
const NEAR = 40;
/** So much of a line is searched. */
const MOST_PER_LINE = 4_000;

/** How faults outside a program are told, where no signature knows the sentence. */
const outside = anyOf(
  /\b(?:refused|unreachable|unresolvable|NXDOMAIN|x509|ENOSPC|ECONN[A-Z]{3,}|ENOTFOUND|no space|DNS (?:error|fail\w*|timeout))\b/i,
  /\b(?:could(?:n't| not)|can(?:'t|not)|failed to|unable to) (?:resolve host|reach|connect)\b|\bcertificate\b.{0,60}\b(?:expired|invalid|untrusted)\b/i,
);

/** What of a line no statement took in: all of a frame, and the end of a long line. */
function leftOf(line: string, taken: ReadonlySet<string>): string {
  const isTaken = taken.has(line.slice(0, MOST_LETTERS));
  return line.slice(isTaken ? MOST_LETTERS : 0, MOST_PER_LINE);
}

/** Words near the end of a log that may tell of a known cause, although no statement names one; undefined where there are none. */
export function unheardCause(lines: readonly string[], statements: readonly Statement[]): string | undefined {
  const said = unsettled(statements)
    .slice(-NEAR)
    .find((one, at, near) => isComplaint(one) && !isSurvived(one, near[at + 1]) && outside.test(one.text));
  if (said !== undefined) return said.text;
  const near = statements.slice(-NEAR);
  const taken = new Set(near.flatMap(({ line, body }) => [line, ...body]));
  return lines
    .slice(-NEAR)
    .map((line) => leftOf(line, taken))
    .find((text) => text !== '' && causeIn({ line: text, body: [], text, level: 'none', trace: '' }) !== undefined);
}
