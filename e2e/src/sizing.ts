import { z } from 'zod';
import type { Records } from './benchmark-report.ts';
import { planTable } from './sizing-table.ts';

/** What a bench must have printed for a line of the section; other figures of it are not looked at. */
const Fleet = z.object({
  agents: z.number(),
  events_per_minute: z.number(),
  lost: z.number(),
  doubled: z.number(),
  stored_p99_ms: z.number(),
  run_started_p99_ms: z.number(),
  drain_per_s: z.number(),
  raw_publish_per_s: z.number(),
  raw_insert_per_s: z.number(),
  cpu_ms_per_1000_events: z.record(z.string(), z.number()),
  rss_mib: z.record(z.string(), z.number()),
});
const Api = z.object({
  rows: z.number(),
  requests_per_s: z.number(),
  p99_ms: z.number(),
  deep_page_ratio: z.number(),
  mib_per_million_events: z.number(),
});
const Engine = z.object({ step_commits_per_s: z.number(), takeover_s: z.number(), raw_commit_per_s: z.number() });
const Agent = z.object({
  pods: z.number(),
  rss_mib: z.number(),
  p99_ms: z.number(),
  cpu_ms_per_1000_events: z.number(),
});

type Line = [what: string, figure: string];
type Part = { bench: string; lines: (figures: unknown) => Line[] | undefined };

const amount = (value: number): string => Math.round(value).toLocaleString('en');

/** A part of the section, if the figures are those that it speaks of. */
const part = <S extends z.ZodType>(bench: string, schema: S, lines: (figures: z.infer<S>) => Line[]): Part => ({
  bench,
  lines: (figures) => {
    const found = schema.safeParse(figures);
    return found.success ? lines(found.data) : undefined;
  },
});

const costs = (of: Record<string, number>, unit: string): string =>
  Object.entries(of)
    .map(([name, cost]) => `${name} ${amount(cost)}`)
    .join(', ')
    .concat(` ${unit}`);

const parts: readonly Part[] = [
  part('bench:fleet', Fleet, (found) => [
    [
      `${amount(found.agents)} agents, ${amount(found.events_per_minute)} events a minute`,
      `${found.lost} lost, ${found.doubled} doubled`,
    ],
    ['event to stored row, p99', `${amount(found.stored_p99_ms)} ms`],
    ['critical event to first step of its run, p99', `${amount(found.run_started_p99_ms)} ms`],
    [
      'a backlog is worked off at',
      `${amount(found.drain_per_s)} events/s (the bus alone takes ${amount(found.raw_publish_per_s)}, the store alone ${amount(found.raw_insert_per_s)})`,
    ],
    ['time of a core for 1,000 events', costs(found.cpu_ms_per_1000_events, 'ms')],
    ['memory under that load', costs(found.rss_mib, 'MiB')],
  ]),
  part('bench:api', Api, (found) => [
    [
      `API over ${amount(found.rows)} stored events, ${amount(found.requests_per_s)} requests/s, p99`,
      `${amount(found.p99_ms)} ms`,
    ],
    ['a page far back costs, beside the first', `${found.deep_page_ratio} times as much`],
    ['database for a million events, with indices', `${amount(found.mib_per_million_events)} MiB`],
  ]),
  part('bench:engine', Engine, (found) => [
    [
      'steps of runs',
      `${amount(found.step_commits_per_s)} a second (single commits of the store alone: ${amount(found.raw_commit_per_s)})`,
    ],
    ['a replica is killed: its runs go on after', `${found.takeover_s} s`],
  ]),
  part('bench:agent', Agent, (found) => [
    [`an agent with ${amount(found.pods)} pods`, `${amount(found.rss_mib)} MiB`],
    ['change in the cluster to published event, p99', `${amount(found.p99_ms)} ms`],
    ['time of a core for 1,000 events of the agent', `${amount(found.cpu_ms_per_1000_events)} ms`],
  ]),
];

/** The measured part of the section on sizing, from the records of the benches; what was not measured is named, not guessed. */
export function sizing(records: Records): string {
  const known = parts.map(({ bench, lines }) => ({
    bench,
    record: records[bench],
    lines: lines(records[bench]?.figures),
  }));
  const rows = known.flatMap(({ bench, record, lines = [] }) =>
    lines.map(([what, figure]) => `| ${what} | ${figure} | \`${bench}\`, ${record?.machine ?? ''} |`),
  );
  const missing = known.filter(({ lines }) => lines === undefined).map(({ bench }) => `\`npm run ${bench}\``);
  const plan = planTable(records);
  return [
    ...(rows.length === 0 ? [] : ['| what | figure | measured by, on |', '|---|---|---|', ...rows, '']),
    ...(missing.length === 0 ? [] : [`Not measured so far: ${missing.join(', ')}.`, '']),
    ...(plan === undefined ? [] : [plan]),
  ].join('\n');
}

const place = /(<!-- sizing -->\n)[\s\S]*?(<!-- \/sizing -->)/;

/** The page with the section in its place. */
export function withSizing(page: string, records: Records): string {
  if (!place.test(page)) throw new Error('the page has no place for the sizing');
  return page.replace(place, (_, begin: string, end: string) => `${begin}${sizing(records)}${end}`);
}
