import { passwordArguments } from './call-argument.ts';
import { maskClients } from './command-line.ts';
import { issuedToken, secretAddress } from './issued-token.ts';
import { asksForSecret, MASK, maskNamed } from './named-secret.ts';

type Rule = {
  pattern: RegExp;
  replace: (...parts: string[]) => string;
  /** What every match has in it; most lines do not, and are not looked through. */
  needs?: string;
};

/** "Basic authentication failed" is a sentence; a credential has more than small letters. */
const unlessWord = (head: string, value: string): string =>
  /^[a-z]+[.:!?]?$/.test(value) ? head + value : `${head}${MASK}`;

/**
 * Each rule names one shape of secret. Order matters: whole blocks first, then headers, then commands; values behind a
 * name come last. Runs are bounded, or begin only where no other begins within them, so that time grows with length alone.
 */
const rules: readonly Rule[] = [
  {
    needs: '-----BEGIN',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replace: () => MASK,
  },
  { needs: 'eyJ', pattern: /(?<![\w-])eyJ[\w-]{8,8000}\.[\w-]{8,80000}\.[\w-]*/g, replace: () => MASK },
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
  // A slash belongs to the password where no port stands before it.
  {
    needs: '@',
    pattern: /(:\/\/(?!\[)[^\s:/@]{0,200}):(?:[^\s/"'<>]{1,500}|(?!\d{1,5}[/?#,])[^\s@"'<>]{1,200})@/g,
    replace: (_, head = '') => `${head}:${MASK}@`,
  },
  // Data source names without a scheme: `user:password@tcp(host)` of Go, then `user:password@host:5432`.
  {
    needs: '@',
    pattern: /(?<![^\s"'`<>(=,])([^\s"'`<>(=,:]{0,100}):[^\s"'`<>]{1,200}@(?=(?:tcp|udp|unix|cloudsql(?:conn)?)\d?\()/g,
    replace: (_, user = '') => `${user}:${MASK}@`,
  },
  {
    needs: '@',
    pattern:
      /(?<![\w:/.@%-])((?!(?:e?mail|mailto|user|username|login|from|to|cc|sip|acct|xmpp|git|ssh|node|host|pod|name)\b)[A-Z_][\w.-]{0,60}):(?=[^\s:/@]{0,100}\d)(?=[^\s:/@]{0,100}[A-Z])[^\s:/@"'<>]{5,100}@(?!sha\d)(?=[A-Z\d][\w.-]{0,252}(?::\d{2,5}(?!\d)|\/\w))/gi,
    replace: (_, user = '') => `${user}:${MASK}@`,
  },
  {
    needs: '@',
    pattern:
      /((?:\bjdbc:oracle:\w{1,10}:|\bconnect\(\\*["'])[A-Z][\w$#.]{0,60}\/|(?<![\w/.-])[A-Z][\w$#.]{0,60}\/(?=[^\s/@"'<>]{1,200}@\/\/))[^\s/@"'<>]{1,200}(?=@)/gi,
    replace: (_, head = '') => head + MASK,
  },
  {
    needs: '%',
    pattern: /((?:\s-U|--user(?:name)?)[\s"'=]{0,3}[A-Z\\][^\s%"']{0,100}%)[^\s"']{1,200}/gi,
    replace: (_, head = '') => head + MASK,
  },
  ...passwordArguments.map((pattern) => ({ needs: '(', pattern, replace: (_: string, head = '') => head + MASK })),
  { pattern: secretAddress, replace: (_, head = '') => head + MASK },
  { needs: 'bot', pattern: /(\bbot\d{6,12}:)[\w-]{30,100}/g, replace: (_, head = '') => head + MASK },
  {
    pattern:
      /((?<![A-Z])(?:x-[a-z]{2,5}-)?sig(?:nature)?(?:=|%3D))(?=[^\s&"']{0,100}\d)[A-Z0-9%+/_~-]{16,8000}={0,2}/gi,
    replace: (_, head = '') => head + MASK,
  },
  // The secret key of a cloud stands beside its id, which is masked next.
  {
    pattern:
      /(\b(?:AKIA|ASIA)[A-Z0-9]{16}\b[^A-Za-z0-9+/\n]{1,10}(?:[A-Za-z_ -]{1,40}[^A-Za-z0-9+/\n]{1,6})?)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/g,
    replace: (_, head = '') => head + MASK,
  },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, replace: () => MASK },
  { pattern: issuedToken, replace: () => MASK },
  // The head of PEM in base64, unless it goes on as a certificate or a public key.
  {
    needs: 'LS0tLS1CRUdJTiB',
    pattern: /LS0tLS1CRUdJTiB(?!DRVJU|QVUJM)[A-Za-z0-9+/]{20,80000}={0,2}/g,
    replace: () => MASK,
  },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out here
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The text without anything that looks like a secret and without control characters. */
export function redact(text: string): string {
  const clean = text.replace(controlCharacters, '');
  const shaped = rules.reduce(
    (rest, { pattern, replace, needs = '' }) => (rest.includes(needs) ? rest.replace(pattern, replace) : rest),
    clean,
  );
  return maskNamed(maskClients(shaped));
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
