import type { Json, JsonObject } from '@aetherius/shared/contracts';

/** What stands where a value that must not leave the cluster stood. */
export const MASKED = '[redacted]';

const secretName =
  /passw|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|credential|auth|(^|[_-])(key|pass)$|pgpass/i;

/** Whether a variable's name says that its value is nobody's business. */
export const looksSecret = (name: string): boolean => secretName.test(name);

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Left out of evidence: bookkeeping of the API server, a copy of the object with its values, long lists without meaning, and what tells a machine from all others. */
const left = new Set([
  ...['managedFields', 'selfLink', lastApplied, 'images', 'volumesInUse', 'volumesAttached'],
  ...['machineID', 'systemUUID', 'bootID'],
]);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const maskedByKey = (pairs: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(pairs).map(([key, value]) => [
      key,
      looksSecret(key.slice(key.lastIndexOf('/') + 1)) ? MASKED : value,
    ]),
  );

/** Words after an option whose name looks secret; `--option=value` is told apart here, too. */
const maskedArguments = (words: Json[]): Json[] =>
  words.map((word, index) => {
    const before = words[index - 1];
    if (isSecretOption(before) && !String(before).includes('=') && !String(word).startsWith('-')) return MASKED;
    return isSecretOption(word) && String(word).includes('=') ? `${String(word).split('=')[0]}=${MASKED}` : word;
  });

const isSecretOption = (word: Json | undefined): boolean => {
  const name = typeof word === 'string' ? /^--?([\w.-]+)/.exec(word)?.[1] : undefined;
  return name !== undefined && looksSecret(name);
};

/** The object without its bookkeeping, and without values of variables whose names look secret. */
export function maskedObject(value: Json): Json {
  if (Array.isArray(value)) return value.map(maskedObject);
  if (!isObject(value)) return value;
  const masked = Object.entries(value)
    .filter(([key]) => !left.has(key))
    .map(([key, inner]): [string, Json] => [key, maskedObject(inner)]);
  const result: JsonObject = Object.fromEntries(masked);
  // Labels stay: selectors are compared with them, and the API server shows them to everybody anyway.
  if (isObject(result['annotations'])) result['annotations'] = maskedByKey(result['annotations']);
  for (const field of ['args', 'command']) {
    if (Array.isArray(result[field])) result[field] = maskedArguments(result[field]);
  }
  const { name } = value;
  if (typeof name === 'string' && typeof value['value'] === 'string' && looksSecret(name)) result['value'] = MASKED;
  return result;
}
