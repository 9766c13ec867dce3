import { Bundle, type Json } from '@aetherius/shared/contracts';
import { parseAllDocuments } from 'yaml';
import { alertsIn, readAlerts } from './alerts.ts';
import { closed } from './cut-json.ts';
import { isCutYaml, itemsOfCutJson, itemsOfCutYaml } from './cut-list.ts';
import { isKubernetes, isObject, readKubernetes } from './kubernetes.ts';
import { isEntry, readEntries } from './log-entries.ts';
import { readLooseBundle } from './loose-bundle.ts';
import { type Context, joined, type Reading, reading, unreadable } from './reading.ts';
import { repeatedKey } from './repeated-key.ts';
import { looksLikeStatus, readStatus, withParents } from './status-fragment.ts';

const MAX_YAML_CHARS = 4 * 1024 * 1024;
/** The parser's time goes by lines, keys and items: so many are read in about a second and a half. */
const MAX_YAML_SIGNS = 200_000;
const signs = new Set([...'\n,:[]{}&*'].map((sign) => sign.charCodeAt(0)));
const UNKNOWN = 'holds no Kubernetes objects, no alerts and no bundle';

/** A JSON document, or a problem that says where it breaks. */
export function readJson(context: Context, text: string): Reading {
  try {
    return readValue(context, JSON.parse(text) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return (
      readJsonLines(context, text) ??
      readCutList(context, itemsOfCutJson(text)) ??
      unreadable(context.file, `is broken JSON: ${error.message.slice(0, 200)}`)
    );
  }
}

/** What was before the cut; that a listing is whole is not claimed of it. */
function readCutList(context: Context, items: Json[] | undefined): Reading | undefined {
  if (items === undefined) return undefined;
  const cut = [`${context.file}: its end is missing; the ${items.length} items that are whole were read`];
  return joined([...items.map((item) => readValue(context, item)), reading({ cut })]);
}

/** One object after another, as `kubectl get -w -o json` and log shippers write them; undefined when it is not that. */
function readJsonLines(context: Context, text: string): Reading | undefined {
  const found: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const value = parsedLine(line);
    // The first line that is none ends it: a refusal of each of a million lines would take its time.
    if (value === undefined || !(isKubernetes(value) || isEntry(value))) return undefined;
    found.push(value);
  }
  if (found.length === 0 || (found.length === 1 && !found.some(isEntry))) return undefined;
  return readEntries(context.file, found, context.at) ?? joined(found.map((value) => readValue(context, value)));
}

function parsedLine(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

function isTooMuchYaml(text: string): boolean {
  if (text.length > MAX_YAML_CHARS) return true;
  let count = 0;
  for (let at = 0; at < text.length && count <= MAX_YAML_SIGNS; at += 1)
    count += signs.has(text.charCodeAt(at)) ? 1 : 0;
  return count > MAX_YAML_SIGNS;
}

/** One or more YAML documents; a broken one is named and the others are still read. */
export function readYaml(context: Context, text: string): Reading {
  if (isTooMuchYaml(text))
    return unreadable(
      context.file,
      `is YAML of more than ${MAX_YAML_CHARS / 1024 / 1024} MiB or ${MAX_YAML_SIGNS} lines, keys and items; JSON of that size is read`,
    );
  if (isCutYaml(text))
    return (
      readCutList(context, itemsOfCutYaml(text)) ??
      unreadable(context.file, 'is a listing without its end, before which no item is whole')
    );
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: false, uniqueKeys: false });
  if (!Array.isArray(documents)) return unreadable(context.file, 'is empty');
  const many = documents.length > 1;
  return joined(
    documents.map((document, index) => {
      const place = many ? `${context.file}, document ${index + 1}` : context.file;
      const [problem] = document.errors;
      if (problem !== undefined)
        return unreadable(
          place,
          `is broken YAML: ${problem.message.slice(0, 200)} at ${positionIn(text, problem.pos[0])}`,
        );
      const twice = repeatedKey(document);
      if (twice !== undefined)
        return unreadable(place, `is broken YAML: the key ${twice.slice(0, 80)} stands twice in one mapping`);
      return followed(place, () => document.toJS({ maxAliasCount: 100 }) as Json, context);
    }),
  );
}

/** Told once, of the first error: the parser's own telling copies the line anew for each, and a line may have millions of letters. */
function positionIn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}

/** References that blow up when followed are found only when they are followed. */
function followed(place: string, value: () => Json, context: Context): Reading {
  try {
    const found = plain(value());
    return found === null ? reading() : readValue({ ...context, file: place }, found);
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return unreadable(place, `is YAML that cannot be followed: ${error.message}`);
  }
}

/** YAML knows dates and other things that JSON does not. */
const plain = (value: Json): Json => JSON.parse(JSON.stringify(value ?? null)) as Json;

/** Whatever a JSON or YAML document turned out to be. */
function readValue(context: Context, value: Json): Reading {
  if (isKubernetes(value)) return readKubernetes(context.file, value, context.at);
  const alerts = alertsIn(value);
  if (alerts !== undefined) return readAlerts(context.file, alerts, context.at);
  if (Array.isArray(value)) return readArray(context, value);
  if (!isObject(value)) return unreadable(context.file, UNKNOWN);
  if (isObject(value['bundle'])) return readValue(context, value['bundle']);
  const bundle = Bundle.safeParse(value);
  if (bundle.success) return wholeBundle(bundle.data);
  const entry = isEntry(value) ? readEntries(context.file, [value], context.at) : undefined;
  return readLooseBundle(context, value) ?? entry ?? readStatus(context, value) ?? unreadable(context.file, UNKNOWN);
}

function readArray(context: Context, values: Json[]): Reading {
  if (values.length === 0) return unreadable(context.file, 'is an empty array');
  const { entries = [], others = [] } = Object.groupBy(
    values.map((value, index) => ({ value, index })),
    ({ value }) => (isEntry(value) ? 'entries' : 'others'),
  );
  const isStatus = entries.length === 0 && !values.some(isKubernetes);
  const status = isStatus ? readStatus(context, values) : undefined;
  if (status !== undefined) return status;
  // Entries are lines of a log: one that is damaged among them must not take the others apart.
  const lines = entries.map(({ value }) => value);
  const logs = readEntries(context.file, lines, context.at) ?? reading();
  return joined([
    logs,
    ...others.map(({ value, index }) => readValue({ ...context, file: `${context.file}[${index}]` }, value)),
  ]);
}

function wholeBundle({ cluster, at, subject, objects, complete, ...parts }: Bundle): Reading {
  return reading({
    ...parts,
    objects: objects.map((object) => ({ ...object, detail: 'whole' })),
    complete: complete.map((listing) => {
      const [kind = '', namespace = null] = listing.split('/');
      return { kind, namespace };
    }),
    stated: { cluster, at, subject },
  });
}

/** Larger parts nobody cuts out by hand. */
const MOST_OF_PART = 256 * 1024;
/** A key in quotes, with which a part of an object in JSON begins. */
const jsonKey = /^\s*"[A-Za-z]\w{0,60}"\s*:/;

/** A part of the status of a pod in YAML or JSON, cut out anywhere; undefined for any other text. */
export function readCut(context: Context, text: string): Reading | undefined {
  if (text.length > MOST_OF_PART || !looksLikeStatus(text)) return undefined;
  const found = jsonKey.test(text) ? readJson(context, closed(text)) : readYaml(context, withParents(text));
  return found.objects.length === 0 ? undefined : found;
}
