import { isComplaint, type Statement } from './log-line.ts';
import { isTelemetry } from './signatures/clients.ts';
import { isWrapper } from './wrapper.ts';

const harmless =
  /continuing|ignor(?:ed|ing)|fall(?:ing)? back|fallback|non-fatal|optional|skipping|disabled|using default|will use|recovered|(?<!not |never )succeeded/i;
/** Words of a line of its own by which a program goes on; what is switched off or skipped there may be something else. */
const goesOn = /\bcontinuing\b|fall(?:ing|s)? back|\b(?:running|starting|proceeding|carrying on|going on) without\b/i;

/** What a program does no more until somebody sees to it, told once: work of another kind after it takes that not back. */
const switchedOff =
  /\b(?:all|every)\b.{0,60}\b(?:disabled|stopped|halted|suspended)\b|\b(?:writes?|orders?|payments?|processing|ingestion|replication|backups?)\b.{0,20}\b(?:are |is |now )?(?:disabled|stopped|halted|suspended)\b|\blicen[cs]e\b.{0,20}\bexpired\b|\bno (?:more )?\w{1,40} will be (?:processed|accepted|written|sent|delivered)\b|\buntil (?:the )?(?:restart|renewal|renewed|operator|manual)\b/i;
const switchedOn = /\b(?:re-?enabled|resumed|lifted|renewed|restored|unblocked|enabled again)\b/i;

/** Complaints by which something is switched off for good, and that nothing after them takes back. */
export function standingOff(all: readonly Statement[]): Statement[] {
  const from = all.findLastIndex(({ text }) => switchedOn.test(text)) + 1;
  return all.slice(from).filter((one) => isComplaint(one) && switchedOff.test(one.text));
}

/** Whether a program says, in the statement or right after it, that it goes on, as it does without the figures that it sends. */
export const isSurvived = ({ text }: Statement, next: Statement | undefined): boolean =>
  harmless.test(text) || isTelemetry(text) || (next !== undefined && !isComplaint(next) && goesOn.test(next.text));

/** How a program says that it ends without saying why. */
const ending =
  /giv(?:e|es|ing) up|\b(?:retries|attempts|exit(?:s|ed|ing)?|shut(?:ting)? ?down|terminat\w{2,3}|abort\w{0,3}|ELIFECYCLE)\b|(?:failed|unable|could not|cannot|can't) (?:to )?(?:start|boot|initiali[sz]e|run)|(?:start-?up|boot|bootstrap|initiali[sz]ation) (?:has )?(?:failed|error)/i;
/** What a program says once it is up: an end after that has a reason of its own. */
const up = /(?<!not )\b(?:listening|serving|started|ready|up and running)\b/i;

/** Words of every complaint, which link none to another. */
const common = new Set(
  'a an and are as at be been but by can cannot could did do does error errors err exception failed failure fatal for from get got had has have in into is it its more no not of on or out panic so than that the this to too trying unable up was were will with within'.split(
    ' ',
  ),
);
const STEM = 6;
/** Where the message of a line begins that names its fields, and what stands before it in other layouts: threads, loggers, sources. */
const message = /\b(?:msg|message)=/;
const header = /\[[^\]]{0,80}\]|\b(?:[a-z_]\w{0,40}\.){2,8}[A-Z]\w{0,80}|\b[\w-]{1,60}\.\w{1,4}:\d{1,6}\]|\b\w{1,40}=/g;
const levels = /\b(?:warn|warning|wrn|info|inf|debug|error|err|fatal|crit|critical|severe)\b/gi;

const stemsOf = ({ text }: Statement): string[] =>
  (text.split(message).at(-1) ?? '')
    .replace(header, ' ')
    .replace(levels, ' ')
    .toLowerCase()
    .match(/\b[a-z][a-z0-9-]+/g)
    ?.filter((word) => !common.has(word))
    .map((word) => word.slice(0, STEM)) ?? [];

/** A complaint as seen from the lines before it: the words that only lines about the same fault share, and whether the program was up. */
type End = { words: string; links: ReadonlySet<string>; isUp: boolean };

/** It speaks of the same thing, or it only tells the end of a program that was not up yet. */
const followsFrom = (mild: Statement, { words, links, isUp }: End): boolean =>
  stemsOf(mild).some((stem) => links.has(stem)) || (!isUp && ending.test(words));

/** The first of the mild statements asked about that no complaint follows, or that the first complaint after it follows from. */
export function firstLastWord(statements: readonly Statement[], asked: ReadonlySet<Statement>): Statement | undefined {
  const plain = new Set(statements.filter(({ level }) => level === 'info').flatMap(stemsOf));
  let end: End | undefined;
  let found: Statement | undefined;
  for (const one of statements.toReversed()) {
    // Below its own head a report tells what ended the program; without anything below it the head tells nothing.
    if (isWrapper(one)) continue;
    if (isComplaint(one)) {
      end = { words: one.text, links: new Set(stemsOf(one).filter((stem) => !plain.has(stem))), isUp: false };
      continue;
    }
    if (asked.has(one) && (end === undefined || followsFrom(one, end))) found = one;
    if (end !== undefined && one.level !== 'warn') end.isUp ||= up.test(one.text);
  }
  return found;
}

/** Words by which a program says that what failed works again. */
const recovered =
  /(?<!not |never |un)\b(?:succeeded|successful(?:ly)?|recovered|restored|back (?:online|to normal)|healthy again)\b/i;
const reconnected =
  /(?<!not |never )\b(?:reconnected|(?:connection|session) (?:was |is )?re-?(?:established|opened)|connected\b.{0,80}\b(?:(?:on|at) attempt|after \d{1,4} (?:attempts|tries|retries)))\b/i;

/** To what a program says that it is connected now; what every address has tells none from another. */
const connected = /(?<!not |never |dis)\bconnected to (?:the |an? |its )?([^,;(]{2,80})/i;
const ofEvery = new Set([
  'server',
  'host',
  'port',
  'http',
  'https',
  'tcp',
  'svc',
  'cluste',
  'local',
  'client',
  'upstre',
]);
/** A line that says of one thing that it is connected, and nothing else; before it stand a time and a level at most. */
const itsConnected =
  /(?:^|[\]:|>-]|\b(?:info|debug|notice)\b)\W{0,3}((?!not\b|never\b)[a-z][\w-]{1,40})\]?:? (?:is )?connected[.!]?$/i;
/** A line that says of one thing that it answers again. */
const itsBack =
  /\b((?!not\b|never\b|is\b|are\b)[a-z][\w.-]{1,60}(?::\d{1,5})?) (?:is |are )?(?:reachable|available|responding|answering|healthy|up) again\b/i;
/** A pool names itself in front of what it says, as another of the same program does with another number. */
const pool = /\b\w{1,40}Pool-\d{1,4}\b/gi;
const poolsIn = (text: string): string[] => text.match(pool) ?? [];
const added = /\bAdded connection\b/;
const addressesIn = (text: string): string[] => text.match(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g) ?? [];

function reachedBy(one: Statement): string[] {
  if (added.test(one.text)) return poolsIn(one.text);
  const text = (connected.exec(one.text) ?? itsBack.exec(one.text) ?? itsConnected.exec(one.text.trim()))?.[1] ?? '';
  return [...stemsOf({ ...one, text }).filter((stem) => !ofEvery.has(stem)), ...addressesIn(text)];
}

/** The words of what works again, by which the complaints about it are known. */
function goodNews(one: Statement): string[] {
  if (one.level === 'warn' || isComplaint(one)) return [];
  return recovered.test(one.text) || reconnected.test(one.text) ? stemsOf(one) : reachedBy(one);
}

/** What tells that something is tried again speaks of the failure beside it, of the same second. */
const retries = /\b(?:retry(?:ing)? (?:in|after)|will (?:be )?retr(?:y|ied))\b/i;
const secondOf = ({ line }: Statement): string | undefined => /\d\d:\d\d:\d\d/.exec(line)?.[0];

/** Without what was overcome: in the same line, or in a later one about the same thing. */
export function unsettled(statements: readonly Statement[]): Statement[] {
  const settled = new Set<string>();
  let isConnected = false;
  let retried: string | undefined;
  const isOvercome = (one: Statement): boolean =>
    isConnected ||
    (retried !== undefined && retried === secondOf(one)) ||
    recovered.test(one.text) ||
    (settled.size > 0 &&
      [...stemsOf(one), ...addressesIn(one.text), ...poolsIn(one.text)].some((word) => settled.has(word)));
  const left: Statement[] = [];
  for (const one of statements.toReversed()) {
    const news = goodNews(one);
    for (const stem of news) settled.add(stem);
    isConnected ||= news.length > 0 && reconnected.test(one.text);
    if (!isOvercome(one)) left.push(one);
    else if (retries.test(one.text)) retried = secondOf(one);
  }
  return left.reverse();
}
