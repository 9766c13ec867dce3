import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bundle } from '@aetherius/shared/contracts';
import fc from 'fast-check';
import type { Source } from '../src/intake/reading.ts';
import { bundleOf } from '../src/offline/findings.ts';
import { answered, type Reception } from './damaged-bundle.ts';

const folder = fileURLToPath(new URL('../test/samples/', import.meta.url));
const NOW = '2026-03-01T10:00:00.000Z';

const top: Source = {
  name: 'top.txt',
  text: 'NAME         CPU(cores)   MEMORY(bytes)\ncart-1       250m         180Mi\nledger-0     3m           64Mi\n',
};
const events: Source = {
  name: 'events.txt',
  text: 'LAST SEEN   TYPE      REASON      OBJECT       MESSAGE\n2m (x7 over 9m)   Warning   BackOff     pod/cart-1   Back-off restarting failed container app in pod cart-1\n',
};
const alerts: Source = {
  name: 'alerts.json',
  text: JSON.stringify([
    {
      labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'cart-1', severity: 'warning' },
      annotations: { summary: 'cart restarts' },
      startsAt: NOW,
      status: { state: 'active' },
    },
  ]),
};
const drain: Source = {
  name: 'drain.txt',
  text: '$ kubectl drain n1\nnode/n1 cordoned\nevicting pod shop/cart-1\nerror when evicting pods/"cart-1" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod\'s disruption budget.\n',
};

/** What people have at hand, in every form that is read: terminals, descriptions, tables, manifests, logs, alerts and lists. */
export function textSamples(bundles: readonly Bundle[]): Source[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files
    .map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'utf8') }))
    .sort((a, b) => (a.name + a.text < b.name + b.text ? -1 : 1));
  const lists = bundles.slice(0, 40).map(({ objects }) => ({
    name: 'list.json',
    text: JSON.stringify({ kind: 'List', apiVersion: 'v1', items: objects.map(({ body }) => body) }, null, 1),
  }));
  const logs = bundles.flatMap((bundle) =>
    bundle.logs.slice(0, 1).map(({ lines }) => ({ name: 'pod.log', text: lines.join('\n') })),
  );
  return [top, events, alerts, drain, ...written, ...lists, ...logs.slice(0, 40)];
}

type Damage = {
  what: 'drop' | 'double' | 'swap' | 'cut' | 'glue' | 'stretch' | 'odd';
  at: number;
  times: number;
  odd: string;
};

const odd = fc.constantFrom(
  '\t',
  '\r',
  '\u0000',
  '\u2028',
  '\ud800',
  '"',
  '{',
  '[[',
  ': ',
  '---\n',
  '&a *a',
  '\\',
  '...',
);

const damage: fc.Arbitrary<Damage> = fc.record({
  what: fc.constantFrom('drop', 'double', 'swap', 'cut', 'glue', 'stretch', 'odd'),
  at: fc.nat(),
  times: fc.constantFrom(2, 50, 5_000),
  odd,
});

/** What was stretched twice would be larger than anything that is promised to be read in time, and than any string may be. */
const MOST_LETTERS = 10_000_000;

/** One place of a line made long: its word, its gap or its sign again and again. */
function stretched(line: string, { at, times }: Damage): string {
  const parts = line.split(/(\s+|[^\w\s]+)/);
  const place = at % parts.length;
  const part = parts[place] ?? '';
  const most = Math.ceil(MOST_LETTERS / (part.length + 1));
  return parts.with(place, part.repeat(Math.min(times, most))).join('');
}

const changes: Record<Damage['what'], (lines: string[], place: number, damage: Damage) => string[]> = {
  drop: (lines, place) => lines.toSpliced(place, 1),
  double: (lines, place, { times }) => {
    const line = lines[place] ?? '';
    const most = Math.ceil(MOST_LETTERS / (line.length + 1));
    return lines.toSpliced(place, 0, ...Array.from({ length: Math.min(times, most) }, () => line));
  },
  swap: (lines, place) => lines.toSpliced(place, 1).toSpliced((place * 7) % lines.length, 0, lines[place] ?? ''),
  cut: (lines, place, { at }) => lines.with(place, (lines[place] ?? '').slice(0, at % 40)),
  glue: (lines, place) => lines.toSpliced(place, 2, `${lines[place] ?? ''}${lines[place + 1] ?? ''}`),
  stretch: (lines, place, damage) => lines.with(place, stretched(lines[place] ?? '', damage).slice(0, MOST_LETTERS)),
  odd: (lines, place, { at, odd }) => {
    const line = lines[place] ?? '';
    const cut = at % (line.length + 1);
    return lines.with(place, line.slice(0, cut) + odd + line.slice(cut));
  },
};

function damaged(text: string, all: readonly Damage[]): string {
  return all
    .reduce((lines, one) => {
      const some = lines.length === 0 ? [''] : lines;
      return changes[one.what](some, one.at % some.length, one);
    }, text.split('\n'))
    .join('\n');
}

/** A damaged sample; one that fails is printed by how it was made, for its text may have millions of letters. */
const damagedSource = ({ name, text }: Source, all: readonly Damage[]): Source =>
  Object.assign(
    { name, text: damaged(text, all).slice(0, MOST_LETTERS) },
    { [fc.toStringMethod]: () => `${name} ${JSON.stringify(text.slice(0, 200))} with ${JSON.stringify(all)}` },
  );

/** Samples with up to six lines dropped, doubled, moved, cut, glued, stretched or broken by odd characters. */
export const damagedText = (samples: readonly Source[]): fc.Arbitrary<Source> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 6 }))
    .map(([sample, all]) => damagedSource(sample, all));

/** How a sample is made as large as asked: the whole again and again, one line of it, one line without an end, a word or the gap before its last, or many lines of other names. */
export const swellings = ['whole', 'line', 'endless', 'word', 'gap', 'rows'] as const;

/** So many lines that differ in their names: each may be an object of its own. */
const ROWS = 1_000;

const renamed = (line: string, at: number): string => line.replace(/[a-z][a-z0-9]*(?=[-/])/, (word) => `${word}${at}`);

/** A sample of so many letters. */
export function swollen(
  { name, text }: Source,
  how: (typeof swellings)[number],
  { letters, at }: { letters: number; at: number },
): Source {
  const again = (part: string): string => part.repeat(Math.ceil(letters / Math.max(1, part.length))).slice(0, letters);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = lines[at % lines.length] ?? text;
  const words = line.split(/(?<=\s)/);
  const parts = {
    whole: () => again(`${text}\n`),
    line: () => `${text}\n${again(`${line}\n`)}`,
    endless: () => `${text}\n${again(line)}`,
    rows: () => `${text}\n${Array.from({ length: ROWS }, (_, row) => renamed(line, row)).join('\n')}`,
    gap: () => `${text}\n${line.replace(/(?=\S+\s*$)/, again(' '))}`,
    word: () =>
      `${text}\n${line.slice(0, line.length / 2)}${again(words[at % words.length] ?? ' ')}${line.slice(line.length / 2)}`,
  };
  return { name, text: parts[how]() };
}

/** Takes a text in as the command does; throws when it is neither refused with a reason nor answered by its own evidence. */
export function textReceived(source: Source): Reception {
  const { bundle, unread } = bundleOf([source], NOW);
  if (bundle !== undefined) return answered(bundle);
  if (unread.length === 0 || unread.some(({ reason }) => reason === '')) throw new Error('refused without a reason');
  return 'refused';
}
