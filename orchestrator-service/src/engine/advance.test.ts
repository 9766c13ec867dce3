import type { CommandResult, JsonObject, WorkflowDefinition } from '@aetherius/shared/contracts';
import { WorkflowDefinition as Definition } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compile } from '../definitions/compile.ts';
import { advance, type Changes } from './advance.ts';
import type { Entry } from './journal.ts';
import { poisoned } from './poison.ts';
import type { RunRow } from './run.ts';
import type { Facts } from './scope.ts';

const NOW = '2026-01-02T03:04:05.000Z';
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const facts: Facts = {
  now: NOW,
  kill_switch: false,
  writes: {},
  busy: [],
  cooling_down: false,
  protected_namespaces: ['kube-system'],
  known: [],
  bundle_hash: null,
};
const strategy = {
  name: 'all',
  description: 'd',
  workflow: 'w',
  match: { kinds: [], reasons: [], namespaces: [], clusters: [], severities: [] },
  priority: 1,
  autonomy: 'auto' as const,
  cooldown: '5m',
  enabled: true,
};
const aRun = (overrides: Partial<RunRow> = {}): RunRow => ({
  id: 'run-1',
  definition: 'w',
  version: 1,
  strategy,
  requester: 'strategy:all',
  incident: { id: 'i', episode: 1, cluster_id: 'eu-1', severity: 'high', reason: 'R', reasons: ['R'], subject },
  target: 'eu-1/shop/Deployment/cart',
  trigger_key: 'i:1',
  bundle_hash: null,
  traceparent: null,
  status: 'running',
  stop: null,
  wake_at: NOW,
  deadline: '2026-01-02T04:04:05.000Z',
  lease_owner: 'me',
  revision: 1,
  crashes: 0,
  phase: null,
  diagnosis: null,
  action: null,
  outcome: null,
  note: null,
  progress_revision: 0,
  created_at: NOW,
  finished_at: null,
  ...overrides,
});

/** How the world answers a path: decided by the path alone, so that only the order differs between two tries. */
type World = (path: string, command: JsonObject) => Pick<CommandResult, 'status' | 'output' | 'changed'>;

const result = (id: string, answer: ReturnType<World>): CommandResult => ({
  command_id: id,
  cluster_id: 'eu-1',
  issuer: 'orchestrator',
  reason: null,
  started_at: NOW,
  duration: '1ms',
  ...answer,
});

const fold = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1009, 7);

/** An honest agent, but for some reads that fail and some writes and looks that stay unknown. */
const world: World = (path, command) => {
  const nothing = { output: null, changed: null };
  if (command['action'] === 'get' && path.endsWith('/get'))
    return { status: 'done', output: { object: { metadata: { name: 'cart', uid: 'u' } } }, changed: null };
  if (command['action'] === 'get' && path.endsWith('_mark'))
    return { status: 'done', output: { object: { metadata: { name: 'cart', uid: 'u' } } }, changed: null };
  if (command['action'] === 'observe')
    return {
      status: 'done',
      output: { observed: ['met', 'not_met', 'unknown'][fold(path) % 3] ?? 'unknown' },
      changed: null,
    };
  if (command['dry_run'] === true)
    return {
      status: 'done',
      output: { undo: { action: 'rollback_workload', parameters: { to_revision: 2 } } },
      changed: { before: { image: 'a' }, after: { image: 'b' }, hash: 'h' },
    };
  if (path.endsWith('/act') || path.endsWith('/undo'))
    return { status: fold(path) % 2 === 0 ? 'done' : 'unknown', ...nothing };
  return { status: fold(path) % 5 === 0 ? 'failed' : 'done', ...nothing };
};

type Story = { journal: Map<string, Entry>; end: Changes; begun: string[]; sent: string[] };

/** Writes what an advance wants, as one transaction does. */
function keep(story: Omit<Story, 'end'>, changes: Changes): void {
  for (const entry of changes.entries) {
    if (!story.journal.has(entry.path)) story.begun.push(entry.path);
    story.journal.set(entry.path, entry);
  }
  story.sent.push(...changes.effects.flatMap((effect) => (effect.kind === 'command' ? [effect.command.id] : [])));
}

/** One of the open commands is answered. */
function answerOne(journal: Map<string, Entry>, choice: number): void {
  const open = [...journal.values()].filter((entry) => entry.status === 'started' && entry.answer === null);
  const entry = open[choice % open.length];
  if (entry === undefined) throw new Error('the run waits for nothing');
  const answer = world(entry.path, entry.input?.['command'] as JsonObject);
  journal.set(entry.path, { ...entry, answer: { kind: 'result', result: result(entry.correlation_id ?? '', answer) } });
}

/** Walks a run to its end; `choices` decides what happens next: a runner that dies before its commit, or which answer comes. */
function walk(definition: WorkflowDefinition, choices: () => number): Story {
  const tree = compile(definition, () => undefined);
  const story = { journal: new Map<string, Entry>(), begun: [], sent: [] };
  for (let turn = 0; turn < 5000; turn++) {
    const changes = advance({ run: aRun(), tree, journal: [...story.journal.values()], facts });
    // Died after the plan: nothing of it was written, and the next runner plans anew.
    if (choices() % 4 === 0) continue;
    keep(story, changes);
    if (changes.status !== 'waiting') return { ...story, end: changes };
    answerOne(story.journal, choices());
  }
  throw new Error('the run does not end');
}

const inOrder = () => 1;
const shaken = (numbers: readonly number[]) => {
  let at = 0;
  return () => {
    at += 1;
    return numbers[at % numbers.length] ?? at;
  };
};

type Draft = Record<string, unknown>;
const { tree: drafts } = fc.letrec<{ tree: Draft; leaf: Draft; list: Draft[] }>((tie) => ({
  leaf: fc.oneof(
    fc.constant({ kind: 'command', action: 'events' }),
    fc.constant({ kind: 'command', action: 'logs', retries: 1 }),
    fc.constant({ kind: 'decision', cases: [{ when: "run.id == 'x'", answer: 'a' }], otherwise: 'b' }),
    fc.constant({
      kind: 'remediation',
      action: 'rollback_workload',
      verify: { condition: 'workload_available', held_for: '5s', window: '1m' },
    }),
  ),
  list: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('list').map((steps) => ({ kind: 'sequence', steps })),
    tie('list').map((branches) => ({ kind: 'parallel', branches })),
    fc.tuple(tie('list'), tie('list')).map(([steps, otherwise]) => ({
      kind: 'choice',
      cases: [{ when: 'incident.episode == 2', steps: otherwise }],
      otherwise: steps,
    })),
    fc.tuple(tie('list'), tie('list')).map(([steps, on_failure]) => ({ kind: 'try', steps, on_failure, always: [] })),
    tie('tree').map((body) => ({ kind: 'loop', max: 3, for_each: '[1, 2]', body })),
  ),
}));

/** Gives each step an id of its own. */
function named(draft: unknown, next = { id: 0 }): unknown {
  if (Array.isArray(draft)) return draft.map((one) => named(one, next));
  if (typeof draft !== 'object' || draft === null) return draft;
  const id = 'kind' in draft ? { id: `s${next.id++}` } : {};
  const parts = Object.entries(draft).map(([key, value]) => [key, key === 'verify' ? value : named(value, next)]);
  return { ...id, ...Object.fromEntries(parts) };
}

const definitionOf = (steps: unknown) => Definition.parse({ name: 'w', description: 'd', steps: named(steps) });
const final = ({ journal }: Story) =>
  [...journal.values()]
    .map(({ path, status, output, reason }) => ({ path, status, output, reason }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

describe('advance', () => {
  it('ends in the same journal whatever the order and whoever dies, and starts nothing twice', () => {
    const definitions = fc.array(drafts, { minLength: 1, maxLength: 3 }).map(definitionOf);
    const orders = fc
      .array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 40 })
      .filter((all) => all.some((n) => n % 4 !== 0));
    fc.assert(
      fc.property(definitions, orders, (definition, numbers) => {
        const straight = walk(definition, inOrder);
        const other = walk(definition, shaken(numbers));
        expect(final(other)).toEqual(final(straight));
        expect(new Set(other.begun).size).toBe(other.begun.length);
        expect(other.end.status).toBe(straight.end.status);
      }),
      { numRuns: 100 },
    );
  });

  it('sends a write under one id only, and again only after a look', () => {
    const definition = definitionOf([
      {
        kind: 'remediation',
        action: 'rollback_workload',
        verify: { condition: 'workload_available', held_for: '5s', window: '1m' },
      },
    ]);
    const { sent } = walk(definition, inOrder);
    const writes = sent.filter((id) => id.endsWith('/act'));
    expect(new Set(writes)).toEqual(new Set(['run-1:s0/act']));
  });

  it('counts a run that has no time left as failed and for a person', () => {
    const tree = compile(definitionOf([{ kind: 'command', action: 'events' }]), () => undefined);
    const late = advance({ run: aRun({ deadline: NOW }), tree, journal: [], facts });
    expect([late.status, late.progress.phase, late.progress.note]).toEqual(['failed', 'escalated', 'run_timeout']);
  });

  it('is given up when it keeps killing its runner, with what its row says of it', () => {
    const end = poisoned(aRun({ crashes: 6, phase: 'repairing', action: 'rollback_workload' }));
    expect(end).toMatchObject({ status: 'failed', effects: [], entries: [] });
    expect(end?.progress).toMatchObject({
      phase: 'escalated',
      action: 'rollback_workload',
      outcome: 'failed',
      note: 'poison',
    });
    expect(poisoned(aRun({ crashes: 5 }))).toBeUndefined();
  });

  it('waits until the earliest of its timers', () => {
    const tree = compile(
      definitionOf([
        {
          kind: 'parallel',
          branches: [
            { kind: 'wait', duration: '90s' },
            { kind: 'wait', duration: '30s' },
          ],
        },
      ]),
      () => undefined,
    );
    const changes = advance({ run: aRun(), tree, journal: [], facts });
    expect([changes.status, changes.wake_at]).toEqual(['waiting', '2026-01-02T03:04:35.000Z']);
  });
});
