const MASK = '[redacted]';

/** Words with which an error goes on behind a colon: `load secrets: operation error …` names no secret. */
const faultWords =
  'operation|errors?|failed|failure|cannot|could not|unable|invalid|denied|expired|missing|not found|required|timeout|timed out|rpc|dial|connection';

type Rule = { pattern: RegExp; replace: string };

/** Each rule names one shape of secret. Order matters: whole blocks first, then headers, then key=value pairs. */
const rules: readonly Rule[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, replace: MASK },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, replace: MASK },
  { pattern: /\b(Bearer|Basic)\s+[A-Za-z0-9+/=_.~-]{8,}/gi, replace: `$1 ${MASK}` },
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, replace: `$1:${MASK}@` },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, replace: MASK },
  { pattern: /\b(gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,})/g, replace: MASK },
  {
    pattern: new RegExp(
      `((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?["']?\\s*[:=]\\s*)(?!(?<=: )(?:${faultWords})[ :])("[^"]*"|'[^']*'|[^\\s,;&"'}]+)`,
      'gi',
    ),
    replace: `$1${MASK}`,
  },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out here
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The text without anything that looks like a secret and without control characters. */
export function redact(text: string): string {
  return rules.reduce(
    (clean, { pattern, replace }) => clean.replace(pattern, replace),
    text.replace(controlCharacters, ''),
  );
}

/** The same for every string inside a value; keys stay. */
export function redactDeep<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactDeep) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactDeep(inner)])) as T;
}
