import { asksForSecret, MASK, maskNamed } from './named-secret.ts';

type Rule = { pattern: RegExp; replace: (...parts: string[]) => string };

/** "Basic authentication failed" is a sentence; a credential has more than small letters. */
const unlessWord = (head: string, value: string): string =>
  /^[a-z]+[.:!?]?$/.test(value) ? head + value : `${head}${MASK}`;

/** Programs that take a secret by an option of one letter: what stands before it. */
const clients: readonly { program: RegExp; option: RegExp }[] = [
  { program: /^(?:mysql|mariadb)/, option: /([\s"',]-p)([^\s"',]+)/g },
  { program: /^(?:sshpass|mongo|docker|helm)/, option: /([\s"',]-p[\s"',=]{1,5})([^\s"',-][^\s"',]*)/g },
  { program: /^redis-cli/, option: /([\s"',]-a[\s"',=]{1,5})([^\s"',-][^\s"',]*)/g },
  {
    program: /^curl/,
    option: /([\s"',](?:-u|-U|--user|--proxy-user)[\s"',=]{0,5}[^\s:"',-][^\s:"']{0,100}:)([^\s"']+)/g,
  },
];

function maskClient(line: string): string {
  const client = clients.find(({ program }) => program.test(line));
  return client === undefined ? line : line.replace(client.option, `$1${MASK}`);
}

/**
 * Each rule names one shape of secret. Order matters: whole blocks first, then headers, then commands; values behind a
 * name come last. Runs are bounded, or begin only where no other begins within them, so that time grows with length alone.
 */
const rules: readonly Rule[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, replace: () => MASK },
  { pattern: /(?<![\w-])eyJ[\w-]{8,8000}\.[\w-]{8,80000}\.[\w-]*/g, replace: () => MASK },
  {
    pattern:
      /(authorization\\*["']?[ \t]*[:=][ \t]*\\*["']?(?:(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey)[ \t]+)?)([^\s"',;\\]+)/gi,
    replace: (_, head = '', value = '') =>
      / $/.test(head) && !/[ \t]\w+ $/.test(head) ? unlessWord(head, value) : head + MASK,
  },
  {
    pattern: /(\b(?:Bearer|Basic)\s{1,20})([A-Za-z0-9+/=_.~-]{8,80000})/gi,
    replace: (_, head = '', value = '') => unlessWord(head, value),
  },
  {
    pattern: /(\b(?:set-)?cookies?2?\\*["']?[ \t]*[:=][ \t]*\\*["']?)(?=[^\s=;,"']{1,80}=)[^\r\n"'\\]+/gi,
    replace: (_, head = '') => head + MASK,
  },
  {
    pattern: /(:\/\/[^\s:/@]{0,200}):[^\s/"'<>]{1,500}@/g,
    replace: (_, head = '') => `${head}:${MASK}@`,
  },
  { pattern: /(hooks\.slack\.com\/services\/)[^\s"']+/g, replace: (_, head = '') => head + MASK },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, replace: () => MASK },
  {
    pattern:
      /(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{20,80000}|xox[abprs]-[A-Za-z0-9-]{10,80000}|sk-[A-Za-z0-9_-]{20,80000})/g,
    replace: () => MASK,
  },
  { pattern: /\b(?:mysql|mariadb|sshpass|mongo|docker|helm|redis-cli|curl)[^\n|]*/g, replace: maskClient },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out here
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The text without anything that looks like a secret and without control characters. */
export function redact(text: string): string {
  const clean = text.replace(controlCharacters, '');
  return maskNamed(rules.reduce((rest, { pattern, replace }) => rest.replace(pattern, replace), clean));
}

/** The same, or a stricter `through`, for every string inside a value; keys stay. A word of a list that follows an option for a secret is one. */
export function redactDeep<T>(value: T, through = redact): T {
  if (typeof value === 'string') return through(value) as T;
  if (Array.isArray(value))
    return value.map((item, index) => (isOptionValue(value[index - 1], item) ? MASK : redactDeep(item, through))) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactDeep(inner, through)])) as T;
}

const isOptionValue = (before: unknown, item: unknown): boolean =>
  asksForSecret(before) && typeof item === 'string' && !item.startsWith('-');
