import type { Bundle, BundleObject } from '@aetherius/shared/contracts';
import { type Facts, readFacts } from '../diagnosis/facts.ts';
import { edgesOf } from '../diagnosis/graph/edges.ts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';

/** What an incident looked like, without its names: comparable between clusters. */
export type Structure = { symptoms: string[]; object_kinds: string[]; edges: string[] };

const MOST = 50;

/** Conditions that are bad when true; every other one is bad when it is not. */
const badWhenTrue = /Pressure$|Failure$|Failed$|NetworkUnavailable$|FailureTarget$/;
const neutral = /^(Progressing|Complete|SuccessCriteriaMet|ScalingLimited|Resizing|FileSystemResizePending)$/;

/** Words that programs share across languages; each stands for one kind of trouble. */
const spoken: readonly (readonly [string, RegExp])[] = [
  ['connection_refused', /connection refused|ECONNREFUSED/i],
  ['timed_out', /timed? ?out|deadline exceeded|ETIMEDOUT/i],
  ['name_not_resolved', /no such host|ENOTFOUND|name or service not known|temporary failure in name resolution/i],
  ['permission_denied', /permission denied|EACCES/i],
  ['forbidden', /\bforbidden\b|cannot (?:get|list|watch|create|update|patch|delete) resource/i],
  ['no_space', /no space left|ENOSPC|disk (?:is )?full/i],
  ['certificate', /x509|certificate (?:has expired|verify failed|is not yet valid)|CERT_HAS_EXPIRED/i],
  ['out_of_memory', /out of memory|OutOfMemory|heap limit|Cannot allocate memory/i],
  [
    'missing_setting',
    /environment variable .{0,60}(?:not set|missing|required)|missing required .{0,40}(?:setting|variable|config)/i,
  ],
  ['bad_setting', /cannot parse|invalid (?:config|setting|value)|unknown (?:option|flag|setting)/i],
  ['stack_trace', /Traceback \(most recent call last\)|panic: |Exception in thread|^\s+at \S+\(/m],
];

/** What an incident's evidence looks like, for cases to be compared with. */
export function structureOf(bundle: Bundle): Structure {
  const facts = readFacts(bundle);
  return {
    symptoms: distinct([
      ...states(facts),
      ...facts.open.filter(({ type }) => type !== 'Normal').map(({ reason }) => `event/${reason}`),
      ...told(facts.bundle),
    ]),
    object_kinds: distinct(bundle.objects.map(({ kind }) => kind)),
    edges: distinct(bundle.objects.flatMap(edgesOf).map(({ from, kind, to }) => `${from.kind} ${kind} ${to.kind}`)),
  };
}

const distinct = (words: readonly string[]): string[] =>
  [...new Set(words)]
    .filter((word) => word.length <= 200)
    .toSorted()
    .slice(0, MOST);

const states = (facts: Facts): string[] => [
  ...facts.containers.flatMap(({ waiting, ended }) => [
    ...(waiting === undefined ? [] : [`waiting/${waiting.reason}`]),
    ...ended.flatMap(({ reason, exit_code }) => [
      ...(reason === '' ? [] : [`ended/${reason}`]),
      ...(exit_code === undefined || exit_code === 0 ? [] : [`exit/${exit_code}`]),
    ]),
  ]),
  ...facts.bundle.objects.flatMap((object) => [...badConditions(object), ...badPhase(object)]),
];

const badConditions = ({ kind, body }: BundleObject): string[] =>
  objectsAt(body, 'status.conditions').flatMap((condition) => {
    const [type = '', status] = [textAt(condition, 'type'), textAt(condition, 'status')];
    const isBad = badWhenTrue.test(type)
      ? status === 'True'
      : !neutral.test(type) && (status === 'False' || status === 'Unknown');
    return isBad ? [`condition/${kind}/${type}=${status}`] : [];
  });

const badPhase = ({ kind, body }: BundleObject): string[] => {
  const phase = textAt(body, 'status.phase') ?? '';
  return ['Pending', 'Failed', 'Lost', 'Unknown'].includes(phase) ? [`phase/${kind}=${phase}`] : [];
};

const told = (bundle: Bundle): string[] => [
  ...spoken
    .filter(([, words]) => bundle.logs.some(({ lines }) => lines.some((line) => words.test(line.slice(0, 2000)))))
    .map(([name]) => `log/${name}`),
  ...bundle.alerts.map(({ name }) => `alert/${name}`),
  ...bundle.changes.map(({ change }) => `change/${change}`),
];
