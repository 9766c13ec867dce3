import type { Category } from '@aetherius/shared/contracts';
import { isProbe, statusIn } from '../messages/answered-requests.ts';
import { isGood } from '../messages/last-complaint.ts';
import { isComplaint, type Statement } from '../messages/log-line.ts';
import { causeIn } from '../messages/log-signature.ts';
import { isSurvived } from '../messages/survived.ts';

/** One more try, and how a run begins: whatever comes of it stands in the line below. */
const triesAgain = /\bre-?(?:try|trying|tries|connecting)\b|\btry(?:ing)? again\b|\battempt(?:ing)?\b/i;
const begins = /\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began|launch(?:ed|ing)|running)\b/i;

const FAILED = 500;
/** A request that was failed, or whose asker only wants to know whether the program lives. */
const servesNobody = ({ line }: Statement): boolean => (statusIn(line) ?? 0) >= FAILED || isProbe(line);

/** What was raised, in a line of its own below the complaint about it. */
const raised = /^(?:\w{1,60}\.){0,8}\w{0,60}(?:Error|Exception)\b/;

/** Words of trouble alone are not enough: whoever writes into a log must not make it look like one of nothing else. */
function complains(one: Statement): boolean {
  if (isComplaint(one)) return true;
  if (one.level === 'info') return false;
  return one.level === 'warn' ? !isSurvived(one, undefined) : raised.test(one.text) || causeIn(one) !== undefined;
}

const isTrouble = (one: Statement, isNextTrouble: boolean): boolean =>
  complains(one) ||
  servesNobody(one) ||
  (!isGood(one) && (triesAgain.test(one.text) || (isNextTrouble && begins.test(one.text))));

/** The end of a log from where on it tells of nothing but trouble: errors, warnings, failed requests and new tries. */
export function troubleAtEnd(all: readonly Statement[]): readonly Statement[] {
  let from = all.length;
  for (; from > 0; from -= 1) {
    const one = all[from - 1];
    if (one === undefined || !isTrouble(one, from < all.length)) break;
  }
  return all.slice(from);
}

/** What does not pass by itself, as a peer that is away does. */
const lasting: ReadonlySet<Category> = new Set([
  'disk_full',
  'tls_certificate_expired',
  'rbac_forbidden',
  'missing_env_var',
]);
/** By which a part of a program ends for good while the rest goes on. */
const partEnds = /\bException in thread "|\bpanicked at\b|^panic: |\bOutOfMemoryError\b/;

export function isLasting(one: Statement): boolean {
  const category = causeIn(one)?.category;
  return category === undefined ? partEnds.test(one.text) : lasting.has(category);
}

const numbered = /\b(?:attempt|try|retry|retries)\b[ #:=]{0,3}(\d{1,6})\b|\((\d{1,6})\/\d{1,6}\)/i;

/** Whether something was tried more than this often, by the count of the program itself, which goes on from before the log begins. */
const countsTries = (told: readonly Statement[], often: number): boolean =>
  told.some(({ text }) => {
    const found = triesAgain.test(text) ? numbered.exec(text) : null;
    return Number(found?.[1] ?? found?.[2] ?? 0) > often;
  });

/** Once is an accident, and so is a second try. */
const AGAIN = 2;

/**
 * Whether a log goes on about something up to its end, be it said seldom: nothing else is told in it at all, it counts its tries,
 * or what lasts is told again or with what comes of it.
 */
export function isUnrelieved(all: readonly Statement[], said: readonly Statement[]): boolean {
  const end = troubleAtEnd(all);
  const late = said.filter((one) => end.includes(one));
  const [first] = late;
  if (first === undefined) return false;
  if (countsTries(end, AGAIN)) return true;
  const isMild = late.every(({ level }) => level === 'warn');
  if (late.length >= AGAIN && end.length === all.length) return !isMild || late.length === all.length;
  const after = end.slice(end.indexOf(first) + 1);
  return (
    isLasting(first) && after.some((one) => (isComplaint(one) || one.level === 'warn') && !triesAgain.test(one.text))
  );
}
