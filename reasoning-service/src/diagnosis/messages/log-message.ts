/** No more of a statement is read: words that name a cause stand near its front. */
export const MOST_LETTERS = 800;

/** Names under which loggers keep what was said. */
const said = ['msg', 'message', 'error', 'err', 'exception', 'stack', 'detail', 'cause'];
/** What whoever asks chooses himself: no words of the program. */
const byClient =
  /^(?:(?:http_?)?(?:req(?:uest)?|headers?|body|query|params?|args?|cookies?|path|ur[il]|referr?er|user_?-?agent|ua|input|payload)|\$.*)$/i;
const MOST_DEPTH = 6;
const MOST_LEAVES = 60;

/** What tells of a fault: a sentence, the class or code of an error, or an address. */
const telling = /[A-Za-z,:] [A-Za-z]|(?:Error|Exception)$|^E[A-Z]{4,}$|^(?:\w{2,20}:\/\/)?[\w.-]{2,253}:\d{2,5}$/;

/** What is inside a value, without what a client chose. */
const inside = (value: unknown): unknown[] =>
  value instanceof Object
    ? Object.entries(value).flatMap(([key, inner]) => (byClient.test(key) ? [] : [inner as unknown]))
    : [];

/** The texts anywhere in a value that tell of a fault, level by level, up to a depth and a number. */
function leavesOf(value: unknown): string[] {
  const found: string[] = [];
  let level = [value];
  for (let depth = 0; depth < MOST_DEPTH && found.length < MOST_LEAVES; depth += 1) {
    level = level.flatMap(inside).slice(0, MOST_LEAVES);
    found.push(...level.filter((one) => typeof one === 'string').filter((text) => telling.test(text)));
  }
  return found;
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The message of a JSON line, which MongoDB tells in part as an attribute, then what else in it tells of a fault where the line is grave; the line itself for any other format. */
export function messageOf(line: string, isGrave: boolean): string {
  const entry = line.startsWith('{') ? parsed(line) : undefined;
  if (entry === undefined) return line.startsWith('{') ? line : line.replaceAll('\\"', '"');
  const { attr } = entry;
  const attributes = attr instanceof Object ? (attr as Record<string, unknown>) : {};
  const told = said.flatMap((name) => {
    const value = entry[name] ?? attributes[name];
    return typeof value === 'string' ? value : value instanceof Object ? JSON.stringify(value) : [];
  });
  const rest = Object.entries(entry).filter(([name]) => !said.includes(name) && !byClient.test(name));
  const more = isGrave ? leavesOf(Object.fromEntries(rest)) : [];
  const all = [...told, ...more];
  return all.length === 0 ? line : all.join(': ').replaceAll('\\"', '"').slice(0, MOST_LETTERS);
}

/** A request that a server logs with its answer. Whoever asks writes its path, its referer and its agent. */
const request = /(?:^|[\s"'=:])(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \//;
const served = /\bHTTP\/\d(?:\.\d)?\\?"?[\s,]{1,3}(?:status[=: ]{1,2})?([1-5]\d\d)\b/;

/** The words of a line without those that a client chose, and its level where a request was served without fault. */
export function withoutClient(text: string): { text: string; level?: 'info' } {
  if (!request.test(text)) return { text };
  const status = served.exec(text)?.[1];
  const quiet = text.replace(/((?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/)[^\s"]{1,800}/g, '$1…');
  if (status === undefined) return { text: quiet };
  const own = quiet.replace(/"[^"]{0,800}"/g, '""');
  return status < '5' ? { text: own, level: 'info' } : { text: own };
}
