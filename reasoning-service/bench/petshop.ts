import { dirname } from 'node:path';
import { runCommand } from '@aetherius/shared/service';
import { type Answer, analyze } from '../src/rootcause/analyze.ts';
import { SETTINGS, type Settings } from '../src/rootcause/settings.ts';
import { readFlags, type Values } from './bench-flags.ts';
import { dataFolder } from './data-folder.ts';
import { mean, rounded } from './figures.ts';
import { type Issue, joined, readScenarios, rows, type Scenario } from './petshop-data.ts';

const usage = `usage: npm run bench:petshop -- [--data FOLDER] [--train] [--draws N]

How often the broken entity of an issue of PetShop is named first, and how often a quiet hour is called quiet.

  --data FOLDER  where its repository lies as petshop (AETHERIUS_DATA)
  --train        only the issues that were tuned on
  --draws N      times that all settings are moved together (10)
  --help         this text
`;

const WINDOW_ROWS = 5;
/** Issues are recorded with two rows before the alert; normal windows are cut the same way. */
const ALERT_ROW = 2;
/** A window without its first rows still holds a judgement; the official form lets the search run to the end. */
const LEAST_ROWS = 3;

type Outcome = { issue: Issue; scenario: string; rank: number; empty: boolean };

/** The question is asked at the first row at or after the alert. */
function answer(scenario: Scenario, issue: Issue, settings: Settings): Answer {
  const { series, moved } = joined(scenario.normal, issue.table);
  const at = issue.table.times.find((time) => time >= issue.at) ?? issue.at;
  const observations = { series, edges: [], logs: [], calls: scenario.calls };
  return analyze(observations, { target: issue.target, onset: moved(at), settings });
}

function solve(scenarios: readonly Scenario[], settings: Settings): Outcome[] {
  return scenarios.flatMap((scenario) =>
    scenario.issues.map((issue) => {
      const { ranked } = answer(scenario, issue, settings);
      const rank = ranked.findIndex(({ entity }) => entity === issue.cause) + 1;
      return { issue, scenario: scenario.name, rank, empty: ranked.length === 0 };
    }),
  );
}

const targetsOf = ({ issues }: Scenario): Issue['target'][] => [
  ...new Map(issues.map(({ target }) => [`${target.entity}:${target.metric}`, target])).values(),
];

/** Whether a normal window, put behind all other normal rows, gets an empty answer. */
function quiet(scenario: Scenario, target: Issue['target'], from: number): boolean {
  const { normal, calls } = scenario;
  const window = rows(normal, from, from + WINDOW_ROWS);
  const before = rows(normal, 0, from);
  const after = rows(normal, from + WINDOW_ROWS, normal.times.length);
  const history = {
    times: normal.times.slice(0, -WINDOW_ROWS),
    columns: before.columns.map((column, at) => ({
      ...column,
      values: [...(after.columns[at]?.values ?? []), ...column.values],
    })),
  };
  const { series, moved } = joined(history, window);
  const onset = moved(window.times[ALERT_ROW] ?? 0);
  return analyze({ series, edges: [], logs: [], calls }, { target, onset }).status === 'empty';
}

/** The published form: normal rows up to a split are history, and an alert at any row after it must find nothing. */
function quietAfter(scenario: Scenario, target: Issue['target'], split: number): boolean {
  const { normal, calls } = scenario;
  const last = normal.times.length;
  const { series, moved } = joined(rows(normal, 0, split), rows(normal, split, last));
  for (let row = split; row + LEAST_ROWS <= last; row += 1) {
    const onset = moved(normal.times[row] ?? 0);
    if (analyze({ series, edges: [], logs: [], calls }, { target, onset }).status === 'answered') return false;
  }
  return true;
}

/** Rows of a normal window in which the onset itself is searched. */
const SEARCHED_ROWS = 28;

/** Normal windows that get an empty answer although neither an onset is given nor, in the first form, a target. */
function unprompted(scenario: Scenario): { windows: number; alone: number; targeted: number } {
  const { normal, calls } = scenario;
  const targets = targetsOf(scenario);
  const empty = (from: number, target?: Issue['target']): boolean => {
    const window = rows(normal, from, from + SEARCHED_ROWS);
    const last = rows(window, SEARCHED_ROWS - WINDOW_ROWS, SEARCHED_ROWS);
    const { series } = joined(rows(window, 0, SEARCHED_ROWS - WINDOW_ROWS), last);
    return analyze({ series, edges: [], logs: [], calls }, { target }).status === 'empty';
  };
  const starts = range(0, normal.times.length - SEARCHED_ROWS + 1, SEARCHED_ROWS);
  return {
    windows: starts.length,
    alone: starts.filter((from) => empty(from)).length,
    targeted: starts.filter((from) => targets.every((target) => empty(from, target))).length,
  };
}

const share = (yes: readonly boolean[]): number => yes.filter(Boolean).length / Math.max(1, yes.length);
const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, at) => from + at * step);

function specificity(scenario: Scenario, target: Issue['target']): { windows: number; official: number } {
  const count = scenario.normal.times.length;
  const starts = range(0, count - WINDOW_ROWS + 1);
  const splits = range(Math.floor(count / 2), count - LEAST_ROWS, Math.floor(count * 0.1));
  return {
    windows: share(starts.map((from) => quiet(scenario, target, from))),
    official: share(splits.map((split) => quietAfter(scenario, target, split))),
  };
}

/** Deterministic noise (Park and Miller 1988), so that a run can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** All settings moved together, each by up to the given share of itself. */
const jittered = (by: number, next: () => number): Settings =>
  Object.fromEntries(
    Object.entries(SETTINGS).map(([name, value]) => [name, value * (1 + by * (2 * next() - 1))]),
  ) as Settings;

function sensitivity(
  scenarios: readonly Scenario[],
  by: number,
  draws: number,
): { min: number; median: number; max: number } {
  const next = random(1);
  const right = range(0, draws)
    .map(() => solve(scenarios, jittered(by, next)).filter(({ rank }) => rank === 1).length)
    .sort((a, b) => a - b);
  return { min: right[0] ?? 0, median: right[Math.floor(draws / 2)] ?? 0, max: right.at(-1) ?? 0 };
}

const write = (line: string): boolean => process.stdout.write(`${line}\n`);

function scenariosIn({ data, train }: Asked): Scenario[] {
  return readScenarios(dirname(dataFolder('petshop', data))).map((scenario) => ({
    ...scenario,
    issues: train ? scenario.issues.filter((issue) => issue.half === 'train') : scenario.issues,
  }));
}

function writeOutcomes(outcomes: readonly Outcome[]): void {
  write('scenario       half   metric                  issues  top1  top3  empty');
  for (const [group, list] of Map.groupBy(
    outcomes,
    ({ scenario, issue }) => `${scenario.padEnd(15)}${issue.half.padEnd(7)}${issue.target.metric.padEnd(24)}`,
  ))
    write(
      `${group}${String(list.length).padStart(6)}${String(list.filter(({ rank }) => rank === 1).length).padStart(6)}${String(list.filter(({ rank }) => rank > 0 && rank <= 3).length).padStart(6)}${String(list.filter(({ empty }) => empty).length).padStart(7)}`,
    );
}

type Specific = { target: Issue['target'] } & ReturnType<typeof specificity>;

function specificityOfAll(scenarios: readonly Scenario[]): Specific[] {
  write('\nscenario       metric                  specificity: 5-row windows, official');
  return scenarios.flatMap((scenario) =>
    targetsOf(scenario).map((target) => {
      const found = { target, ...specificity(scenario, target) };
      write(
        `${scenario.name.padEnd(15)}${target.metric.padEnd(24)}${found.windows.toFixed(3).padStart(8)}${found.official.toFixed(3).padStart(8)}`,
      );
      return found;
    }),
  );
}

type Unasked = ReturnType<typeof unprompted>;

function unpromptedOfAll(scenarios: readonly Scenario[]): Unasked {
  write(`\nno onset given, normal windows of ${SEARCHED_ROWS} rows: empty without a target, with each target, of`);
  const found = scenarios.map((scenario) => {
    const one = unprompted(scenario);
    write(`${scenario.name.padEnd(15)}${one.alone}  ${one.targeted}  ${one.windows}`);
    return one;
  });
  const total = (count: (one: Unasked) => number): number => found.reduce((sum, one) => sum + count(one), 0);
  return {
    windows: total(({ windows }) => windows),
    alone: total(({ alone }) => alone),
    targeted: total(({ targeted }) => targeted),
  };
}

function moved(scenarios: readonly Scenario[], draws: number) {
  const by = { 20: sensitivity(scenarios, 0.2, draws), 40: sensitivity(scenarios, 0.4, draws) };
  write(`\nall settings moved together, ${draws} draws, top-1 (min, median, max)`);
  for (const [most, { min, median, max }] of Object.entries(by)) write(`up to ±${most} %  ${min}  ${median}  ${max}`);
  return by;
}

const recall = (list: readonly Outcome[], k: number): number =>
  rounded(share(list.map(({ rank }) => rank > 0 && rank <= k)));
const meanOf = (values: readonly number[]): number => rounded(mean(values));

type Asked = Values<'draws', 'train', 'data'>;

function bench(asked: Asked): string {
  const scenarios = scenariosIn(asked);
  const outcomes = solve(scenarios, SETTINGS);
  writeOutcomes(outcomes);
  const specific = specificityOfAll(scenarios);
  const unasked = unpromptedOfAll(scenarios);
  const by = moved(scenarios, asked.draws);
  const half = (name: Issue['half']) => outcomes.filter(({ issue }) => issue.half === name);
  const of = (metric: string) => specific.filter(({ target }) => target.metric.startsWith(metric));
  const figures = {
    top1: recall(outcomes, 1),
    top3: recall(outcomes, 3),
    train_top1: recall(half('train'), 1),
    test_top1: recall(half('test'), 1),
    right: outcomes.filter(({ rank }) => rank === 1).length,
    specificity_latency: meanOf(of('latency').map(({ windows }) => windows)),
    specificity_availability: meanOf(of('availability').map(({ windows }) => windows)),
    specificity_official: {
      latency: meanOf(of('latency').map(({ official }) => official)),
      availability: meanOf(of('availability').map(({ official }) => official)),
    },
    specificity_no_onset: rounded(unasked.alone / unasked.windows),
    specificity_no_onset_with_target: rounded(unasked.targeted / unasked.windows),
    top1_moved_20: by[20],
    top1_moved_40: by[40],
    issues: outcomes.length,
  };
  return `${JSON.stringify(figures)}\n`;
}

const readOptions = readFlags({
  numbers: { draws: { default: 10, min: 1, max: 10_000 } },
  switches: ['train'],
  texts: ['data'],
});

process.exitCode = await runCommand<Asked>(process.argv.slice(2), { usage, readOptions, answer: bench });
