import { isComplaint, type Statement } from './log-line.ts';

const harmless =
  /continuing|ignor(?:ed|ing)|fall(?:ing)? back|fallback|non-fatal|optional|skipping|disabled|using default|will use|recovered|(?<!not |never )succeeded/i;
/** Words of a line of its own by which a program goes on; what is switched off or skipped there may be something else. */
const goesOn = /\bcontinuing\b|fall(?:ing|s)? back|\b(?:running|starting|proceeding|carrying on|going on) without\b/i;

/** Whether a program says, in the statement or right after it, that it goes on. */
export const isSurvived = ({ text }: Statement, next: Statement | undefined): boolean =>
  harmless.test(text) || (next !== undefined && !isComplaint(next) && goesOn.test(next.text));

/** How a program says that it ends without saying why. */
const ending =
  /giv(?:e|es|ing) up|\b(?:retries|attempts|exit(?:s|ed|ing)?|shut(?:ting)? ?down|terminat\w{2,3}|abort\w{0,3}|ELIFECYCLE)\b|(?:failed|unable|could not|cannot|can't) (?:to )?(?:start|boot|initiali[sz]e|run)|(?:start-?up|boot|bootstrap|initiali[sz]ation) (?:has )?(?:failed|error)/i;
/** What a program says once it is up: an end after that has a reason of its own. */
const isUp = /\b(?:listening|serving|started|ready|up and running)\b/i;

/** Words of every complaint, which link none to another. */
const common = new Set(
  'a an and are as at be been but by can cannot could did do does error errors err exception failed failure fatal for from get got had has have in into is it its more no not of on or out panic so than that the this to too trying unable up was were will with within'.split(
    ' ',
  ),
);
const STEM = 6;
/** Where the message of a line begins that names its fields, and what stands before it in other layouts: threads, loggers, sources. */
const message = /\b(?:msg|message)=/;
const header = /\[[^\]]{0,80}\]|\b(?:[a-z_]\w{0,40}\.){1,8}[A-Z]\w{0,80}|\b[\w-]{1,60}\.\w{1,4}:\d{1,6}\]|\b\w{1,40}=/g;
const levels = /\b(?:warn|warning|wrn|info|inf|debug|error|err|fatal|crit|critical|severe)\b/gi;

const stemsOf = ({ text }: Statement): string[] =>
  (text.split(message).at(-1) ?? '')
    .replace(header, ' ')
    .replace(levels, ' ')
    .toLowerCase()
    .match(/\b[a-z][a-z0-9-]+/g)
    ?.filter((word) => !common.has(word))
    .map((word) => word.slice(0, STEM)) ?? [];

function sharedStems(one: Statement, other: Statement): string[] {
  const own = new Set(stemsOf(one));
  return stemsOf(other).filter((stem) => own.has(stem));
}

/** Whether two statements speak of one thing: a word that no line without a complaint has links them. */
function isLinked(one: Statement, other: Statement, all: readonly Statement[]): boolean {
  const shared = sharedStems(one, other);
  if (shared.length === 0) return false;
  const plain = new Set(all.filter((line) => line.level === 'info').flatMap(stemsOf));
  return shared.some((stem) => !plain.has(stem));
}

/**
 * Whether a mild statement is what a log ends with: no complaint follows, or the first that does follows from it, be it that both
 * speak of one thing, be it that it only tells the end of a program that was not up yet.
 */
export function isLastWord(mild: Statement, statements: readonly Statement[]): boolean {
  const after = statements.slice(statements.indexOf(mild) + 1);
  const at = after.findIndex(isComplaint);
  const graver = after[at];
  if (graver === undefined || isLinked(mild, graver, statements)) return true;
  return ending.test(graver.text) && !after.slice(0, at).some(({ text }) => isUp.test(text));
}

/** Words by which a program says that what failed works again. */
const recovered =
  /(?<!not |never |un)\b(?:succeeded|successful(?:ly)?|recovered|restored|back (?:online|to normal)|healthy again)\b/i;
const reconnected =
  /(?<!not |never )\b(?:reconnected|(?:connection|session) (?:was |is )?re-?(?:established|opened))\b/i;

/** Without what was overcome: in the same line, or in a later one about the same thing. */
export function unsettled(statements: readonly Statement[]): Statement[] {
  const goodNews = statements
    .map((statement, at) => ({ statement, at }))
    .filter(({ statement }) => statement.level !== 'warn' && !isComplaint(statement))
    .filter(({ statement: { text } }) => recovered.test(text) || reconnected.test(text));
  return statements.filter(
    (one, at) =>
      !recovered.test(one.text) &&
      !goodNews.some(
        (later) =>
          later.at > at && (reconnected.test(later.statement.text) || sharedStems(one, later.statement).length > 0),
      ),
  );
}
