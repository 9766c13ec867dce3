/** What stands where a secret stood. */
export const MASK = '[redacted]';

/** Names of what nobody else may know, in the order in which the longer comes first. */
const stems = [
  'passw(?:or)?d|passphrase|passcode|pwd|secret[_-]?id|secret|(?<!unexpected )token|credential',
  '(?:api|access|private)[ _-]?key|(?:account|signing|encryption|master|auth|subscription|license)[ _-]?key|client[_-]?key[_-]?data',
  '(?:db|user|pg|root|admin|redis|require|store|key)pass(?![a-z])|masterauth|(?:bind|root|user|admin|db)pw',
  '(?<![a-z])(?:pass|pw)(?![a-z])|(?<=["\'_])auth(?=\\\\*["\']?[ \\t]*[:=])|identified by',
  '密码|口令|密钥|令牌|凭证|凭据',
].join('|');
const suffix = '(s(?![a-z])|[_-]?(?:key(?:[_-]?base)?|value|hash|text|base64|b64|confirmation))?\\d{0,3}';
const names = new RegExp(`(${stems})${suffix}`, 'gi');
const option = new RegExp(`^--?[\\w.-]{0,60}?(?:${stems})${suffix}$`, 'i');

/** Whether a word is an option of a command whose value is a secret, as `--db-password` is. */
export const asksForSecret = (word: unknown): boolean => typeof word === 'string' && option.test(word);

type Found = { before: string; stem: string; isPlural: boolean };
type Separator = {
  form: 'assigned' | 'said' | 'marked-up' | 'after-blank';
  between: RegExp;
  fits(found: Found): boolean;
};

const isPassword = ({ stem }: Pick<Found, 'stem'>): boolean => /^(pass|pwd|identified)/i.test(stem);
/** Letters of both cases and digits in no order of a name in code, as `OAuth2Token` is one; or long hex. */
const randomWord = [
  String.raw`(?=[\w+/-]{0,200}[a-z])(?=[\w+/-]{0,200}[A-Z])(?=[\w+/-]{0,200}\d)`,
  String.raw`(?![a-z]{0,60}\d{0,4}(?:[A-Z][a-z]{0,60}\d{0,4}){0,60}(?![\w+/]))[\w+/-]{10,200}={0,2}(?![\w+/:(-]|\.\w)`,
  String.raw`|[0-9a-f]{32,200}(?!\w)`,
].join('');

/** What may stand between a name and its value, tried in this order at the end of the name. */
const separators: readonly Separator[] = [
  {
    form: 'assigned',
    between: /\\*["'`]?\]?[ \t]*(?:%3[ad]|:=|=>|={1,2}|[:：](?!:))[ \t]*(?:[|>][+-]?[ \t]*\n[ \t]+)?/iy,
    fits: () => true,
  },
  {
    form: 'assigned',
    between: /\\*["']?\s{0,20}[,;]?\s{0,20}\\*["']?\bvalue\\*["']?[ \t]*[:=][ \t]*/iy,
    fits: () => true,
  },
  {
    form: 'said',
    between: /\\*["']?(?:[ \t]+(?:of|for)[ \t]+\S{1,60})?[ \t]+(?:is|was)[ \t]*:?[ \t]+|[是为][ \t]*/iy,
    fits: ({ isPlural, stem }) => !isPlural && stem.toLowerCase() !== 'pass',
  },
  { form: 'marked-up', between: /[^<>\n]{0,100}>/y, fits: ({ before }) => /<[\w:.-]{0,40}$/.test(before) },
  {
    form: 'after-blank',
    between: /\\*["'`]?(?:,[ \t]*|[ \t]+)(?![-|<>&])/y,
    fits: ({ before }) => /(?:^|[\s"'`[(,=])--?[\w.-]{0,60}$/.test(before),
  },
  { form: 'after-blank', between: /[ \t]+(?=\\*["'])/y, fits: isPassword },
  {
    form: 'after-blank',
    between: /[ \t]+/y,
    fits: ({ before, stem }) =>
      (/^(?:\w+pw|requirepass|masterauth)$/i.test(stem) && /(?:^|\s)$/.test(before)) ||
      /\blogin[ \t]+\S{1,60}[ \t]+$/.test(before),
  },
  { form: 'after-blank', between: new RegExp(`[ \\t]+(?=${randomWord})`, 'y'), fits: ({ isPlural }) => !isPlural },
];

/** The text with a mask for each value that stands behind the name of a secret. */
export function maskNamed(text: string): string {
  let clean = '';
  let done = 0;
  for (const match of text.matchAll(names)) {
    if (match.index < done) continue;
    const value = valueBehind(text, match);
    if (value === undefined) continue;
    clean += text.slice(done, value.start) + MASK;
    done = value.end;
  }
  return done === 0 ? text : clean + text.slice(done);
}

type Span = { start: number; end: number };

/** What stands behind a host that is called after what it guards, as in `auth-token:8443`. */
const port = /:\d{2,5}(?![\w.])/y;

function valueBehind(text: string, match: RegExpExecArray): Span | undefined {
  const [name, stem = '', ending] = match;
  const found = { before: text.slice(Math.max(0, match.index - 80), match.index), stem, isPlural: ending === 's' };
  port.lastIndex = match.index + name.length;
  if (port.test(text) && /[a-z0-9]-[a-z0-9]*$/.test(found.before)) return undefined;
  for (const { form, between, fits } of separators) {
    between.lastIndex = match.index + name.length;
    if (!between.test(text) || !fits(found)) continue;
    const span = spanFrom(text, between.lastIndex, form);
    return isSecret(text, span, { ...found, form }) ? span : undefined;
  }
  return undefined;
}

const opening = /(\\*)(["'`])/y;
/** `Some("…")` of Rust, `Some(…)` of Scala, `Optional[…]` of Java, and whatever else is called with a quoted value; that may be the name of a variable. */
const wrapper =
  /(?:&?(?![\w.:]{0,60}env)[A-Za-z][\w.:]{0,60}\(){1,3}(?=\\*["'])|(?:(?:Some|Just|Right|Optional|Secret\w{0,20})[[(]){1,3}/iy;
const environment = /^[\w.:]{0,60}env[\w.:]{0,60}[[(]$/i;
const reference = /\$\{\w+\}/y;
/** Looked for, not run over: a run of megabytes would need as much stack. */
const ends = {
  wrapped: /[\s,;)\]]/g,
  plain: /[\s,;&"'`}，。；]|<\/|\\[nrt"'`\\]/g,
  markedUp: /[<\n]/g,
};

function spanFrom(text: string, start: number, form: Separator['form']): Span {
  opening.lastIndex = start;
  const quote = opening.exec(text);
  if (quote !== null) return quotedSpan(text, opening.lastIndex, quote);
  wrapper.lastIndex = start;
  if (wrapper.test(text)) return wrappedSpan(text, wrapper.lastIndex);
  reference.lastIndex = start;
  if (reference.test(text)) return { start, end: reference.lastIndex };
  const end = form === 'marked-up' ? ends.markedUp : ends.plain;
  end.lastIndex = start;
  return { start, end: end.exec(text)?.index ?? text.length };
}

/** As far as the value goes of which a program printed the type too. */
function wrappedSpan(text: string, start: number): Span {
  opening.lastIndex = start;
  const quote = opening.exec(text);
  if (quote !== null) return quotedSpan(text, opening.lastIndex, quote);
  ends.wrapped.lastIndex = start;
  return { start, end: ends.wrapped.exec(text)?.index ?? text.length };
}

/** Up to the quote that closes it; in text within text a quote has as many backslashes as the one that opened, or fewer. */
function quotedSpan(text: string, start: number, [, { length: depth } = '', quote]: RegExpExecArray): Span {
  let slashes = 0;
  for (let end = start; end < text.length; end += 1) {
    const letter = text[end];
    if (letter === '\n') return { start, end };
    const closes = slashes <= depth || (depth === 0 && slashes % 2 === 0);
    if (letter === quote && closes) return { start, end: end - slashes };
    slashes = letter === '\\' ? slashes + 1 : 0;
  }
  return { start, end: text.length };
}

/** Values that hold nothing, and references to a value that is kept elsewhere. */
const nothing =
  /^(?:true|false|yes|no|none|null|nil|undefined|unset|empty|\*+|x{3,}|<[^<>]*>|\$[({]\w+[)}]|\$[A-Z_]+|%[sdvq])?[.:)\]]*$/i;
/** Words that go on with a sentence about a secret ("token: operation not permitted"), or stand for its type. */
const prose = new Set(
  `a absent access already an and argument base64 blank bool bytes cannot changed connection context could created
  deleted denied dial disabled enabled encoded error errors expected expired failed failing failure file flag for
  forbidden found from get given immutable in incorrect int invalid is long mandatory mismatch missing mounted must
  needed needs not of on open operation option optional or path permission permitted present read ready refused
  rejected required revoked rotated set short should stat string stringarray the timeout to too unable unauthorized
  unauthenticated unexpected unknown unsupported updated used valid value was weak wrong`.split(/\s+/),
);
const chineseProse = /^(?:错误|无效|失败|过期|已|不|未|为空|缺|必|没|无)/;

/** More than any word; judging the letters of megabytes would need as much stack. */
const LONGEST_WORD = 100;

type Read = Found & { value: string; form: Separator['form']; spaced: boolean; goesOn: boolean };

function isSecret(text: string, { start, end }: Span, found: Found & Pick<Read, 'form'>): boolean {
  if (end - start > LONGEST_WORD) return true;
  const value = text.slice(start, end);
  const spaced = /\s/.test(text[start - 1] ?? '');
  const goesOn = /^[ \t]+[\w"']/.test(text.slice(end, end + 40)) || /[:!?]$/.test(value);
  return start < end && !isNothing(value, found) && !isProse({ ...found, value, spaced, goesOn });
}

const isNothing = (value: string, { stem, isPlural }: Found): boolean =>
  nothing.test(value) ||
  value === MASK ||
  opensNested(value) ||
  environment.test(value) ||
  // Counts: `max_tokens=4000`, `pass: 12`.
  ((isPlural || /^pass$/i.test(stem)) && /^\d+$/.test(value));

function isProse({ value, stem, isPlural, form, spaced, goesOn }: Read): boolean {
  const word = value.toLowerCase().replace(/[.:!?)]+$/, '');
  const isSaid = form === 'said';
  if ((spaced || isSaid) && (prose.has(word) || chineseProse.test(word))) return true;
  if (!/^[a-z]+$/.test(word)) return false;
  if (isSaid) return goesOn || !isPassword({ stem });
  return (
    stem.toLowerCase() === 'auth' || (form === 'assigned' && spaced && (isPlural || (goesOn && !isPassword({ stem }))))
  );
}

/** What follows holds names and values of its own, unless it is a hash with its method, as `{SSHA}…`. */
const opensNested = (value: string): boolean => /^[[({]/.test(value) && !/^\{\w+\}\S/.test(value);
