import type { Bundle, Json, JsonObject } from '@aetherius/shared/contracts';
import { asksForSecret, redact } from '@aetherius/shared/redact';

/** What stands in a prompt where a secret was; there is no way back. */
export const SECRET = '<SECRET>';
const MASK = '[redacted]';

const secretName =
  /passw|passphrase|pwd|(^|[_.-])pass($|[_.-])|secret|token|credential|(api|access|private|encryption|signing)[_-]?key|authorization/i;
/** Shorter values are ordinary words ("true", "1"), and masking them would only blacken the text. */
const SHORTEST = 4;

/** A long run of letters of both cases and digits, or of hex, is a key whatever stands beside it. */
const runs = /[A-Za-z0-9+/_=-]{24,}/g;
const isRandom = (run: string): boolean =>
  (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run)) || /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i.test(run);

/** Values that are secret by the name they are filed under: a Secret's data, an environment variable, a field. */
export const secretValues = (bundle: Bundle): string[] =>
  longestFirst([
    ...bundle.objects.flatMap(secretsOf),
    ...bundle.changes.flatMap(({ fields }) => changedSecrets(fields, optionPlaces(bundle))),
  ]);

/** Those of one object, as they stand in it. */
export const secretsOf = ({ kind, body }: Pick<Bundle['objects'][number], 'kind' | 'body'>): string[] => [
  ...(kind === 'Secret' ? [...strings(body['data']), ...strings(body['stringData'])] : []),
  ...filedAsSecret(body),
];

/** A value that holds another must go first, or its rest stays. */
function longestFirst(filed: readonly string[]): string[] {
  const found = new Set(filed.flatMap((value) => [value, decoded(value)]));
  return [...found].filter((value) => value.length >= SHORTEST && value !== MASK).sort((a, b) => b.length - a.length);
}

/** Where in a list of arguments a secret stands, by what some container of the bundle has before it: `[1]`. */
function optionPlaces({ objects }: Bundle): Set<string> {
  const places = (value: Json | undefined): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const own = Array.isArray(value) ? value.flatMap((word, at) => (asksForSecret(word) ? [`[${at + 1}]`] : [])) : [];
    return [...own, ...Object.values(value).flatMap(places)];
  };
  return new Set(objects.flatMap(({ body }) => places(body)));
}

type Fields = Bundle['changes'][number]['fields'];
const argument = /\b(?:args|command)(\[\d+\])$/;

const changedSecrets = (fields: Fields, places: ReadonlySet<string>): string[] =>
  fields
    .filter(({ path }) => secretName.test(path) || places.has(argument.exec(path)?.[1] ?? ''))
    .flatMap(({ before, after }) => [before ?? '', after ?? '']);

/** What a Secret's base64 says; bytes that are no text have no other form that could turn up. */
function decoded(value: string): string {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(value)) return '';
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.includes('\ufffd') ? '' : text;
}

function strings(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** An environment variable, an argument or a field whose name says what it holds. Into one list, for a cluster has millions of fields. */
function filedAsSecret(value: Json | undefined, found: string[] = []): string[] {
  if (Array.isArray(value))
    for (const [at, item] of value.entries()) {
      filedAsSecret(item, found);
      found.push(...argumentValue(item, value[at - 1]));
    }
  else if (typeof value === 'object' && value !== null) fieldsFiled(value, found);
  return found;
}

function fieldsFiled(value: JsonObject, found: string[]): void {
  const { name, value: set } = value;
  if (typeof name === 'string' && typeof set === 'string' && secretName.test(name)) found.push(set);
  for (const key of Object.keys(value)) {
    const inner = value[key];
    if (typeof inner !== 'string') filedAsSecret(inner, found);
    // A reference names its Secret; that name is hidden as a name and is needed in the answer.
    else if (secretName.test(key) && !/name$/i.test(key)) found.push(inner);
  }
}

/** A word of a list, or the words of a whole line that a shell is given. */
function argumentValue(said: Json, before: Json | undefined): string[] {
  if (typeof said !== 'string') return [];
  const words = said.split(/\s+/);
  return words.length === 1
    ? valueIn(said, before)
    : words.flatMap((word, at) => valueIn(word.replace(/^["']|["']$/g, ''), words[at - 1]));
}

function valueIn(word: string, before: Json | undefined): string[] {
  if (asksForSecret(before) && !word.startsWith('-')) return [word];
  const assigned = word.indexOf('=');
  return assigned > 0 && asksForSecret(word.slice(0, assigned)) ? [word.slice(assigned + 1)] : [];
}

/** A quote may end within an address, before the sign by which its password is known. */
const cutAddress = /(:\/\/[^\s:/@]{1,200}):(?!\d+(?:\D|$))[^\s@/]{1,2000}$/gm;

/** A masker that knows the secrets of one bundle: by value, by shape, and by looking random. */
export function createMask(values: readonly string[]): (text: string) => string {
  const known = createKnownMask(values);
  return (text) =>
    known(text)
      .replace(cutAddress, `$1:${MASK}`)
      .replace(runs, (run) => (isRandom(run) ? MASK : run));
}

const createKnownMask =
  (values: readonly string[]) =>
  (text: string): string =>
    redact(values.reduce((clean, value) => clean.replaceAll(value, MASK), text));

/** What is filed beside secrets and is none: a word, a small number or a time, a file, a host, an address without a password. */
const ordinary =
  /^(?:[a-z]+|True|False|\d{1,5}|\d{1,6}(?:ms|[smhd])|(?:\/[\w.-]+)+\/?|(?:https?:\/\/)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?(?:\/[\w./-]*)?)$/;

/**
 * A masker for what people read: by value and by shape, and by what was taken out of the objects as they were read. Digests and
 * names stay, also where a password is one (`POSTGRES_PASSWORD: postgres`): a report that hides what it is about helps nobody.
 */
export function createReportMask(bundle: Bundle, taken: readonly string[] = []): (text: string) => string {
  const names = new Set(bundle.objects.flatMap(({ name, namespace }) => [name, namespace ?? '']));
  const values = longestFirst([...secretValues(bundle), ...taken]);
  return createKnownMask(values.filter((value) => !ordinary.test(value) && !names.has(value)));
}

/** Placeholders of the mask as the token that a prompt shows. */
export const asTokens = (masked: string): string => masked.replaceAll(MASK, SECRET);
