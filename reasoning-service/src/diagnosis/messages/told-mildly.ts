import { saysToTheEnd } from './end-by-signal.ts';
import { isEveryday } from './everyday.ts';
import { isDebug, withoutNone } from './log-level.ts';
import { isWordy, type Statement } from './log-line.ts';
import { causeIn } from './log-signature.ts';
import { isSurvived, unsettled } from './survived.ts';

/** So often, and in so much of a log, a failure is meant, whatever the level. */
const OFTEN = 3;
const SHARE = 0.1;

/** Words of failure that leave no doubt, without the names of counts. */
const plain = /\b(?:failed|unable to|cannot|can't|could not|couldn't|refused|denied)\b(?!["']?\s?[=:]\s?["']?\d)/i;

/** What is only played, or switched off. */
const played =
  /\b(?:simulat\w*|mock(?:ed|ing)?|fault[- ]?inject\w*|injection|chaos|dry[- ]?run)\b|\bdisabled\b|[=:] ?(?:off|disabled|false)\b/i;
const isPlayed = ({ line, text }: Statement): boolean => played.test(text) && isDebug(line);

const isMild = (one: Statement): boolean =>
  one.level === 'info' &&
  isWordy(one.text) &&
  !isPlayed(one) &&
  !isEveryday(one.text, one.line) &&
  !isSurvived(one, undefined);

/** Whether a statement tells a failure of a known cause as if that were mere information. */
const namesCause = (one: Statement): boolean => isMild(one) && causeIn(one) !== undefined;

const asWarning = (one: Statement): Statement => ({ ...one, level: 'warn' });

/** Whether a statement tells a failure as if that were mere information, of a known cause or not. */
export const isToldMildly = (one: Statement): boolean =>
  namesCause(one) || (isMild(one) && plain.test(withoutNone(one.text)));

/** The statements, with failures told as mere information taken for warnings. */
export const withPlainWords = (all: readonly Statement[]): Statement[] =>
  all.map((one) => (isToldMildly(one) ? asWarning(one) : one));

/** The same of what a log repeats up to its end: a level is chosen once, by who wrote the line, and not by who suffers from it. */
export function withMeantLevels(all: readonly Statement[]): readonly Statement[] {
  const mild = new Set(all.filter(namesCause));
  if (mild.size < OFTEN) return all;
  const groups = Map.groupBy(
    unsettled(all).filter((one) => mild.has(one)),
    (one) => causeIn(one)?.category,
  );
  const meant = [...groups.values()].filter(
    (said) => said.length >= OFTEN && said.length >= all.length * SHARE && saysToTheEnd(all, said),
  );
  const raised = new Set(meant.flat());
  return all.map((one) => (raised.has(one) ? asWarning(one) : one));
}
