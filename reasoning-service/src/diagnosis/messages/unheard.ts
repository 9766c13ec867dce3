import { anyOf } from './any-of.ts';
import { isComplaint, type Statement } from './log-line.ts';
import { MOST_LETTERS } from './log-message.ts';
import { causeIn } from './log-signature.ts';
import { wasAnswered } from './signatures/clients.ts';
import { isSurvived, unsettled } from './survived.ts';
import { systemLimitIn } from './system-limit.ts';
import { isWrapper } from './wrapper.ts';

/** So near to the end of a log stands why a program ended. */
const NEAR = 40;
/** So much of a line is searched. */
const MOST_PER_LINE = 4_000;

const PARTNER =
  '(?:connect(?:ion|ing|ions|or)?|handshake|session|socket|channel|brokers?|endpoints?|upstreams?|servers?|clusters?|remote|hosts?|peers?|nodes?|replicas?|databases?|registry|clients?)';
const SILENT =
  '(?:fail(?:ed|s|ure)?|lost|closed|dropped|reset|disconnected|expired|time[d -]{0,2}out|unavailable|unreachable|no (?:response|answer|reply)|not? (?:longer )?(?:available|accessible|reachable|respond\\w*|answer\\w*|alive|ready|established)|down)';

/** How faults outside a program are told, where no signature knows the sentence. */
const outside = anyOf(
  /\b(?:refused|unreachable|unresolvable|NXDOMAIN|x509|ENOSPC|ECONN[A-Z]{3,}|ENOTFOUND|no space|DNS (?:error|fail\w*|timeout))\b/i,
  /\b(?:could(?:n't| not)|can(?:'t|not)|failed to|unable to) (?:resolve host|reach|connect)\b|\bcertificate\b.{0,60}\b(?:expired|invalid|untrusted)\b/i,
  new RegExp(`\\b${PARTNER}\\b.{0,80}\\b${SILENT}\\b|\\b${SILENT}\\b.{0,60}\\b${PARTNER}\\b`, 'i'),
  /\b\w{0,40}(?:Timeout|Connect|Connection|Network|Communications?|Unreachable|Unavailable|Transport)(?:Error|Exception)\b/,
);

/** What a program says of a text that it was given to read: nobody was called. */
const unreadable =
  /\byaml: (?:line \d|unmarshal|did not find)|\b(?:unable to|failed to|cannot|could not) (?:parse|read|load) (?:the )?(?:config\w*|settings|file)\b|\bcannot unmarshal\b|\binvalid character '|\bunexpected token\b|\bparse error\b/i;

/** What of a line no statement took in: all of a frame, and the end of a long line. */
function leftOf(line: string, taken: ReadonlySet<string>): string {
  const isTaken = taken.has(line.slice(0, MOST_LETTERS));
  return line.slice(isTaken ? MOST_LETTERS : 0, MOST_PER_LINE);
}

/** Words near the end of a log that may tell of a known cause, although no statement names one; undefined where there are none. */
export function unheardCause(lines: readonly string[], statements: readonly Statement[]): string | undefined {
  const left = unsettled(statements).slice(-NEAR);
  // Where nothing but the head of a report is left of the end, its reason may stand in a warning before it.
  const isMute = left.filter(isComplaint).every(isWrapper);
  const mayTell = (one: Statement) =>
    (isComplaint(one) || (isMute && one.level === 'warn')) &&
    !wasAnswered.test(one.text) &&
    systemLimitIn(one.text) === undefined &&
    !unreadable.test(one.text);
  const said = left.find((one, at) => mayTell(one) && !isSurvived(one, left[at + 1]) && outside.test(one.text));
  if (said !== undefined) return said.text;
  const near = statements.slice(-NEAR);
  const taken = new Set(near.flatMap(({ line, body }) => [line, ...body]));
  return lines
    .slice(-NEAR)
    .map((line) => leftOf(line, taken))
    .find((text) => text !== '' && causeIn({ line: text, body: [], text, level: 'none', trace: '' }) !== undefined);
}
