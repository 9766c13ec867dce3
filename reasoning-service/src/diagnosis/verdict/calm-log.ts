import type { BundleLog } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { anyOf } from '../messages/any-of.ts';
import { isEverydayAtTimes, isTurnedAway } from '../messages/everyday.ts';
import { areLongOver, cameUp, isGood } from '../messages/last-complaint.ts';
import { isDebug, withoutNone } from '../messages/log-level.ts';
import { isComplaint, isWordy, type Statement } from '../messages/log-line.ts';
import { withoutClient } from '../messages/log-message.ts';
import { causeIn, quoteOf } from '../messages/log-signature.ts';
import { tookSeconds } from '../messages/slow-statement.ts';
import { isSurvived, unsettled } from '../messages/survived.ts';

/** Words of trouble that are no complaint by themselves, where a line does not say how grave it is. */
const uneasy =
  /\b(?:kill(?:ed)?|oom|out of memory|lost|dropped|slow|too long|timed? ?out|unhealthy|not ready|not found(?!: \/)|no such|unreachable|exceed(?:ed|s)?|evict\w{0,4}|warn(?:ing)?|fault|core dumped)\b|(?:Error|Exception)\b/i;
/** What tells of trouble at any level: an answer of a server that failed, an end with a code, a stack trace. */
const ends = /\bexit(?:ed|s|ing)?(?: with)?(?: status| code)?[:=]? ?[1-9]/i;
const served = /\bHTTP\/\d(?:\.\d)?\\?"?[\s,]{1,3}5\d\d\b|\bstatus(?:_?code)?"?[=:] ?"?5\d\d\b/i;
const trace = /^\s+at \S|^Traceback |^\s+File "|^goroutine \d+ |^\s*Caused by: /;
const old = /\bdeprecat/i;

/** How a program says that it was told to stop, and that it has stopped as it should. */
const toldToStop =
  /\bSIG(?:TERM|INT|QUIT)\b|\b(?:graceful(?:ly)?|shutting down|stopping)\b|\breceived (?:smart|fast) shutdown request\b/i;
/** A server that is down, and no part of it. */
const down = /\b(?:is|was|has) (?:been )?(?:shut ?down|stopped)\b|\bshut ?down complete\b/i;
const stopped = /\b(?:shut ?down|stopped|exit(?:ed|ing)?|terminated|complete[d]?|finished|bye)\b/i;

/** Without what a program complains of while it stops as it was told to. */
function beforeItsStop(statements: readonly Statement[]): readonly Statement[] {
  const last = statements.at(-1);
  if (last === undefined || last.level !== 'info' || !stopped.test(last.text)) return statements;
  const from = statements.findIndex(({ level, text }) => level === 'info' && toldToStop.test(text));
  return from < 0 ? statements : statements.slice(0, from);
}

function isUneasy(one: Statement, next: Statement | undefined): boolean {
  if (isComplaint(one) || ends.test(one.text) || served.test(one.line) || tookSeconds(one)) return true;
  if (one.level === 'warn') return !old.test(one.text) && !isSurvived(one, next);
  return one.level === 'none' && uneasy.test(one.text);
}

/** A node's journal speaks of many programs, in more forms than are known here. */
const journal = /^\S+ +(?:\d{1,2} [\d:]{8} )?\S+ (?:kernel|kubelet|containerd|systemd)(?:\[\d+\])?: /;

/** What the kubelet calls a pod that does not fare well, and how `kubectl` prints that: a text with it may be a piece of an answer. */
const ofKubernetes =
  /\b(?:\w{2,40}BackOff|OOMKilled|ErrImage\w{2,20}|(?:Create|Run)Container\w{0,10}Error|InvalidImageName|FailedScheduling|FailedMount|FailedCreate\w{0,20})\b|\blastState"?:|^ *(?:Last State|Exit Code|Restart Count): |^ *Reason: +[A-Z]\w+ *$|^ *Warning {2,}[A-Z]\w+ {2,}/;

const speaksOfPods = (line: string): boolean => ofKubernetes.test(withoutClient(line).text) && !isDebug(line);

/** So many of what is everyday alone are no accident. */
const OFTEN = 3;

/** With these a server answers what was asked wrongly or cannot be had; who is not let in, or finds nothing, may be failed by it. */
const clientsOwn =
  /["']?\b(?:status(?:_?code)?|response_?(?:code|status))["']?\s?[=:] ?"?(?:40[029]|41[0235]|422)\b(?![.\d])/i;

const isAccident = (one: Statement): boolean =>
  isEverydayAtTimes(one.text) || clientsOwn.test(one.line) || (one.level === 'info' && tookSeconds(one));

/** A server that turned somebody away and works on was not harmed by it. */
const isPassedOver = (one: Statement, all: readonly Statement[]): boolean =>
  isTurnedAway(one.text) && all.slice(all.indexOf(one) + 1).some(({ level }) => level === 'info');

/** Without what means nothing as long as it stays alone. */
function withoutAccidents(statements: readonly Statement[]): readonly Statement[] {
  const accidents = statements.filter((one) => isAccident(one) || isPassedOver(one, statements));
  return accidents.length < OFTEN ? statements.filter((one) => !accidents.includes(one)) : statements;
}

/** What a log leaves open that may be trouble: without what was overcome, is everyday, or comes of a stop that was asked for. */
export function uneasyIn(statements: readonly Statement[]): Statement[] {
  const open = withoutAccidents(unsettled(beforeItsStop(statements)));
  return open.filter((one, at) => isUneasy(one, open[at + 1]));
}

/** What a warning may be about that does not pass by itself, beside the words of every complaint. */
const concern = anyOf(
  /\b(?:lag\w*|behind|backlog|pressure|starv\w*|leak\w*|expir\w*|exhaust\w*|full|high|low|drop\w*|skew\w*|drift\w*|stale|stuck|block\w*|delay\w*)\b/i,
  /\b(?:retr(?:y|ies|ying)|reconnect\w*|throttl\w*|reject\w*|corrupt\w*|mismatch\w*|violat\w*|limit\w*|above|below|overload\w*|overflow\w*)\b/i,
  /\b(?:degraded|down|closed|reset|disconnect\w*|interrupt\w*|abandon\w*|rollback|conflict\w*|duplicate\w*|stopp\w*|insufficient|quorum|suspend\w*)\b/i,
  /\bnot (?:available|reachable|responding|enough|allowed|permitted|accepted|sent|delivered|saved|written)\b|\d ?%/i,
);
/** A client of Kafka asks for what its brokers are about to settle; the next answer has it. */
const settles =
  /\b(?:LEADER_NOT_AVAILABLE|NOT_LEADER_(?:OR_FOLLOWER|FOR_PARTITION)|(?:GROUP_)?COORDINATOR_NOT_AVAILABLE)\b/;

const trouble = (text: string): boolean =>
  isWordy(withoutNone(text)) || uneasy.test(text.replace(/\bwarn(?:ing)?s?\b/gi, '')) || concern.test(text);

/** A warning that names no failure, such as a setting that is left as it is, or one of what settles by itself. */
const isRemark = (one: Statement): boolean =>
  one.level === 'warn' &&
  !tookSeconds(one) &&
  causeIn(one) === undefined &&
  (settles.test(one.text) || !(trouble(one.text) || ends.test(one.text) || served.test(one.line)));

/** Etcd calls slow what took a tenth of a second; below half a second nobody feels it. */
const slight = /\bapply request took too long\b.{0,40}"took":"[1-4]?\d{1,2}(?:\.\d{1,9})?ms"/;

/** So few remarks, and so much good work after the last of them. */
const LONE = 2;
const GOOD = 3;

const areRemarks = (all: readonly Statement[], open: readonly Statement[]): boolean => {
  const last = open.at(-1);
  if (last === undefined || open.length > LONE) return false;
  const after = all.slice(all.lastIndexOf(last) + 1).filter(isGood).length;
  return open.every(({ line }) => slight.test(line)) ? after > 0 : open.every(isRemark) && after >= GOOD;
};

/** Without what was said before a server stopped as it was told to, and came up again in the same log. */
function sinceLastStart(statements: readonly Statement[]): readonly Statement[] {
  const up = statements.findLastIndex(cameUp);
  const end = statements
    .slice(0, Math.max(0, up))
    .findLastIndex(({ level, text }) => level === 'info' && down.test(text));
  const isAsked = statements
    .slice(0, Math.max(0, end))
    .some(({ level, text }) => level === 'info' && toldToStop.test(text));
  return isAsked ? statements.slice(end + 1) : statements;
}

/** Whoever prints without a time and without a level tells with a few sentences what he does. */
const timed = /\d\d:\d\d:\d\d/;
const sentence = /[^\W\d_]{2,}\W+[^\W\d_]{2,}/u;
const SENTENCES = 3;

/** Whether a log shows a program at work; a word or two that somebody printed show nothing. */
const tellsOfWork = (statements: readonly Statement[]): boolean =>
  statements.some((one) => !isComplaint(one) && (one.level !== 'none' || isGood(one) || timed.test(one.line))) ||
  statements.filter(({ text }) => sentence.test(text)).length >= SENTENCES;

function isCalm(facts: Facts, log: BundleLog): boolean {
  if (log.lines.some((line) => journal.test(line) || trace.test(line) || speaksOfPods(line))) return false;
  const all = facts.statements(log);
  const open = uneasyIn(sinceLastStart(all));
  const isOver = open.length === 0 || areLongOver(all, open) || areRemarks(all, open);
  return !log.previous && tellsOfWork(all) && isOver;
}

/** What keeps logs from counting as calm: the last line of each that may be trouble. */
export const disquietIn = (facts: Facts): Evidence[] =>
  facts.bundle.logs.flatMap((log) => {
    const last = uneasyIn(sinceLastStart(facts.statements(log))).at(-1);
    const line = last === undefined ? log.lines.find((one) => trace.test(one) || speaksOfPods(one)) : quoteOf(last);
    return line === undefined ? [] : [{ id: log.id, quote: line.slice(0, 500) }];
  });

/** Where logs are all that there is and none complains: where each begins and ends. Nothing where one does. */
export function signsOfCalm(facts: Facts): Evidence[] {
  const { objects, events, alerts, metrics, logs } = facts.bundle;
  const isAll = [objects, events, alerts, metrics].every((part) => part.length === 0) && logs.length > 0;
  const said = logs.filter(({ lines }) => lines.some((line) => /\w/.test(line)));
  if (!isAll || said.length < logs.length || !logs.every((log) => isCalm(facts, log))) return [];
  return logs.slice(0, 2).flatMap(({ id, lines }) => {
    const spoken = lines.filter((line) => /\w/.test(line));
    const ends = [...new Set([spoken[0] ?? '', spoken.at(-1) ?? ''])];
    return ends.map((line) => ({ id, quote: line.slice(0, 500) }));
  });
}
