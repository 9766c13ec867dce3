import type { BundleLog } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { lateAnswers } from '../messages/answered-requests.ts';
import { type LastComplaint, lastComplaint, wentToWork } from '../messages/last-complaint.ts';
import { isComplaint, type Statement } from '../messages/log-line.ts';
import { causeIn, firstComplaint } from '../messages/log-signature.ts';
import { parseScriptFault } from '../messages/program-end.ts';
import { isSurvived, standingOff, unsettled } from '../messages/survived.ts';
import { isToldMildly, withPlainWords } from '../messages/told-mildly.ts';
import { lastUncaught } from '../messages/uncaught.ts';
import { cite, lasts } from '../rules/running-log.ts';
import { uneasyIn } from './calm-log.ts';

/** Nothing is an accident that comes so often, in such a share of all. */
const OFTEN = 3;
const SHARE = 0.1;
/** A log of which so much is complaints speaks of little else; what it only warns of has to be nearly all, and more than one line. */
const MOSTLY = 0.5;
const NEARLY_ALL = 0.9;

/** Of fewer lines, none of which is told as information, what comes after a complaint does not show that it is over. */
const FEW = 6;
const isTerse = (all: readonly Statement[]): boolean => all.length < FEW && all.every(({ level }) => level !== 'info');

/** Lines of known causes near the end of a log: too few to be a fault, and too many for nothing. */
function openCauses(all: readonly Statement[]): Statement[] {
  const open = unsettled(all).filter((one, at, left) => !isSurvived(one, left[at + 1]));
  const named = open.filter((one) => one.level !== 'info' && causeIn(one) !== undefined);
  if (wentToWork(all, named)) return [];
  return lasts(all, named) || (isTerse(all) && named.some(isComplaint)) ? named.slice(-1) : [];
}

/** The last words of a shell or an interpreter whose script or command is wrong. */
const wrongScript = (all: readonly Statement[]): Statement[] =>
  all
    .slice(-2)
    .filter(({ level, text }) => (level === 'none' || level === 'error') && parseScriptFault(text) !== undefined);

/** A log that speaks of hardly anything but trouble up to its end, in whatever words. */
function littleElse(told: readonly Statement[]): Statement[] {
  const all = withPlainWords(told);
  const uneasy = uneasyIn(all);
  const isMostly = uneasy.filter(isComplaint).length >= Math.max(1, all.length * MOSTLY);
  const isNearlyAll = uneasy.length > 1 && uneasy.length >= all.length * NEARLY_ALL;
  if (wentToWork(all, uneasy) || !lasts(all, uneasy) || !(isMostly || isNearlyAll)) return [];
  return [firstComplaint(uneasy) ?? uneasy[0]].filter((one) => one !== undefined);
}

function failedRequests(all: readonly Statement[]): Statement[] {
  const { failed, count } = lateAnswers(all);
  return failed.length >= OFTEN && failed.length >= count * SHARE ? failed.slice(-1) : [];
}

/** Complaints that nothing takes back, apart from what is everyday. */
const lastOpen = (all: readonly Statement[]): LastComplaint | undefined =>
  lastComplaint(
    all,
    uneasyIn(all).filter((one) => !isSurvived(one, undefined)),
  );

function openIn(all: readonly Statement[]): Statement[] {
  const end = lastUncaught(all);
  return [
    ...(end === undefined ? [] : [end]),
    ...openCauses(all),
    ...wrongScript(all).slice(0, 1),
    ...standingOff(all).slice(-1),
    ...failedRequests(all),
    ...littleElse(all),
    ...[lastOpen(all)].filter((one) => one?.isLastWord === true).flatMap((one) => one?.said ?? []),
  ];
}

/** A program that was started anew, or has ended as it should, is past what an older log says. */
function isOver(facts: Facts, { previous, namespace, pod: name }: BundleLog): boolean {
  const pod = facts.graph.find({ kind: 'Pod', namespace, name });
  return previous || (pod !== undefined && facts.health(pod).state === 'finished');
}

const current = (facts: Facts): BundleLog[] => facts.bundle.logs.filter((log) => !isOver(facts, log));

/** Failures told as mere information in the middle of work, where they are no accident. */
function mildFailures(all: readonly Statement[]): Statement[] {
  const mild = unsettled(all).filter(isToldMildly);
  return mild.length >= OFTEN && mild.length >= all.length * SHARE && lasts(all, mild) ? mild.slice(-1) : [];
}

/** What logs complain of near their end while other work goes well: no fault, and no sure all-clear either. */
export const doubtsInLogs = (facts: Facts): Evidence[] =>
  current(facts).flatMap((log) => {
    const all = facts.statements(log);
    return cite(log, [...[lastOpen(all)?.said].filter((one) => one !== undefined), ...mildFailures(all)].slice(0, 1));
  });

/**
 * What logs leave open and no rule makes a fault of. A status shows that a program is up, not that what it does goes well: beside
 * a log that speaks of hardly anything but trouble it acquits nobody.
 */
export const openInLogs = (facts: Facts): Evidence[] =>
  current(facts).flatMap((log) => cite(log, [...new Set(openIn(facts.statements(log)))].slice(0, 1)));
