import type { JsonObject } from '@aetherius/shared/contracts';
import { kindOfWord } from '../kind-names.ts';
import type { Command } from '../transcript.ts';
import { UNNAMED } from '../unnamed.ts';
import { known, text } from './row-cells.ts';

type Row = Record<string, string>;

/** Columns in which operators say whether an object works, and what says that it does. */
const verdicts: readonly (readonly [column: string, good: string])[] = [
  ['READY', 'True'],
  ['AVAILABLE', 'True'],
  ['SYNCED', 'True'],
  ['HEALTHY', 'True'],
  ['DEGRADED', 'False'],
];
const isVerdict = /^(?:True|False|Unknown)$/;
const bad = /(?:fail(?:ed|ing|ure)?|error(?:ed)?|degraded|unhealthy|not ?ready|invalid|stalled|lost|broken)$/i;
const good = /^(?:running|ready|healthy|active|bound|succeeded|completed|available|synced|deployed|ok)$/i;
/** Where they say why. */
const reasons = ['MESSAGE', 'STATUS', 'REASON', 'STATE', 'PHASE', 'WARNINGS'];

/** What a row of an operator's own kind says of its object: whether it works, and in which words; undefined where it does not say. */
function conditionOf(row: Row): JsonObject | undefined {
  const said = verdicts.filter(([column]) => isVerdict.test(row[column] ?? ''));
  const failed = said.find(([column, wanted]) => row[column] !== wanted && row[column] !== 'Unknown');
  const word = text(row, 'STATUS') ?? text(row, 'PHASE') ?? text(row, 'STATE') ?? '';
  if (said.length === 0 && !bad.test(word) && !good.test(word)) return undefined;
  const isBad = failed !== undefined || (said.length === 0 && bad.test(word));
  const isUnsure = said.length > 0 && said.every(([column]) => row[column] === 'Unknown');
  const message = reasons.map((column) => text(row, column)).find((one) => one !== undefined && !isVerdict.test(one));
  const shown = failed === undefined ? undefined : `${failed[0]}: ${row[failed[0]]}`;
  return known({
    type: 'Ready',
    status: isBad ? 'False' : isUnsure ? 'Unknown' : 'True',
    message: message ?? (isBad ? shown : undefined),
  });
}

/** The body of a row whose kind only its operator knows; the group is not told. */
export function customRow(row: Row): JsonObject {
  const condition = conditionOf(row);
  return condition === undefined ? {} : { apiVersion: UNNAMED, status: { conditions: [condition] } };
}

/** Endings of words that say how many, and what they are of one. */
const plurals: readonly (readonly [RegExp, string])[] = [
  [/ies$/, 'y'],
  [/(ss|x|ch|sh)es$/, '$1'],
  [/s$/, ''],
];

/** A kind as a person would write it, from the word for it in a command or before a name: `kustomizations.fluxcd.io` is a `Kustomization`. */
function kindOfResource(word: string): string | undefined {
  const [plain = ''] = word.toLowerCase().split('.');
  if (!/^[a-z][a-z0-9]{1,60}$/.test(plain) || plain === 'all') return undefined;
  const ending = plurals.find(([pattern]) => pattern.test(plain));
  const single = ending === undefined ? plain : plain.replace(ending[0], ending[1]);
  return `${single[0]?.toUpperCase() ?? ''}${single.slice(1)}`;
}

/** What a table of an operator's own kind lists; undefined where nothing in it says how an object fares. */
export function customKind(rows: readonly Row[], command: Command | undefined): string | undefined {
  if (!rows.some((row) => row['NAME'] !== undefined && conditionOf(row) !== undefined)) return undefined;
  return prefixOf(rows[0]?.['NAME']) ?? wordOf(command) ?? 'Object';
}

/** The kind before a name, as `kubectl` prints it where it lists several. */
export function prefixOf(name: string | undefined): string | undefined {
  const [word = '', rest] = (name ?? '').split('/');
  return rest === undefined ? undefined : (kindOfWord(word) ?? kindOfResource(word));
}

const wordOf = (command: Command | undefined): string | undefined =>
  command?.verb === 'get' && command.words.length === 1 ? kindOfResource(command.words[0] ?? '') : undefined;
