import type { Json } from '@aetherius/shared/contracts';
import type { Journal } from './journal.ts';
import type { Choice, Leaf, Loop, Node, Parallel, Sequence, Try } from './node.ts';

/** A leaf at its place; `item` is the element of the nearest `for_each` around it. */
export type Place = { path: string; leaf: Leaf; item: Json | undefined };

/** `ended` is an escalation: it stops everything after it and no `on_failure` catches it. */
export type Plan = {
  state: 'open' | 'done' | 'failed' | 'ended';
  reason: string | null;
  start: Place[];
  open: Place[];
};

type At = { journal: Journal; item: Json | undefined };

const settled = (state: 'done' | 'failed' | 'ended', reason: string | null = null): Plan => ({
  state,
  reason,
  start: [],
  open: [],
});

/** What must happen next, from the definition and the journal alone: the same plan on any replica. */
export const plan = (root: Sequence, journal: Journal): Plan => inOrder(root.steps, '', { journal, item: undefined });

const pathOf = (base: string, id: string) => (base === '' ? id : `${base}/${id}`);

function inOrder(nodes: Node[], base: string, at: At): Plan {
  for (const node of nodes) {
    const next = planNode(node, pathOf(base, node.id), at);
    if (next.state !== 'done') return next;
  }
  return settled('done');
}

function planNode(node: Node, path: string, at: At): Plan {
  switch (node.kind) {
    case 'sequence':
      return inOrder(node.steps, path, at);
    case 'parallel':
      return planParallel(node, path, at);
    case 'loop':
      return node.for_each === null ? planUntil(node, path, at) : planForEach(node, node.for_each, path, at);
    case 'choice':
      return planChoice(node, path, at);
    case 'try':
      return planTry(node, path, at);
    default:
      return planLeaf(node, path, at);
  }
}

function planLeaf(leaf: Leaf, path: string, at: At): Plan {
  const entry = at.journal.get(path);
  const place = { path, leaf, item: at.item };
  if (entry === undefined) return { state: 'open', reason: null, start: [place], open: [] };
  if (entry.status === 'started') return { state: 'open', reason: null, start: [], open: [place] };
  if (entry.status === 'failed') return settled('failed', entry.reason);
  return settled(leaf.kind === 'escalate' ? 'ended' : 'done');
}

const planParallel = (node: Parallel, path: string, at: At): Plan =>
  allOf(node.branches.map((branch) => planNode(branch, pathOf(path, branch.id), at)));

/** All branches come to their end before one that failed counts: nothing is left running behind the run's back. */
function allOf(plans: Plan[]): Plan {
  const start = plans.flatMap((branch) => branch.start);
  const open = plans.flatMap((branch) => branch.open);
  if (plans.some((branch) => branch.state === 'open')) return { state: 'open', reason: null, start, open };
  return (
    plans.find((branch) => branch.state === 'ended') ??
    plans.find((branch) => branch.state === 'failed') ??
    settled('done')
  );
}

function planUntil(node: Loop, path: string, at: At): Plan {
  for (let round = 0; round < node.max; round++) {
    const body = planNode(node.body, pathOf(`${path}#${round}`, node.body.id), at);
    if (body.state !== 'done') return body;
    const asked = planLeaf({ kind: 'condition', id: '?', cases: [node.until ?? 'false'] }, `${path}#${round}?`, at);
    if (asked.state !== 'done') return asked;
    if (chosen(at.journal, `${path}#${round}?`) === 0) return settled('done');
  }
  return settled('failed', node.exhausted);
}

function planForEach(node: Loop, expression: string, path: string, at: At): Plan {
  const asked = planLeaf({ kind: 'items', id: '?', expression, max: node.max }, `${path}?`, at);
  if (asked.state !== 'done') return asked;
  const found = at.journal.get(`${path}?`)?.output?.['items'];
  const items = Array.isArray(found) ? found : [];
  const body = (item: Json, round: number) =>
    planNode(node.body, pathOf(`${path}#${round}`, node.body.id), { ...at, item });
  if (node.at_once) return allOf(items.map(body));
  for (const [round, item] of items.entries()) {
    const next = body(item, round);
    if (next.state !== 'done') return next;
  }
  return settled('done');
}

function planChoice(node: Choice, path: string, at: At): Plan {
  const cases = node.cases.map((one) => one.when);
  const asked = planLeaf({ kind: 'condition', id: '?', cases }, `${path}?`, at);
  if (asked.state !== 'done') return asked;
  const branch = node.cases[chosen(at.journal, `${path}?`)];
  return inOrder(branch?.steps ?? node.otherwise, path, at);
}

function planTry(node: Try, path: string, at: At): Plan {
  const tried = inOrder(node.steps, path, at);
  const caught = tried.state === 'failed' && node.on_failure.length > 0 ? inOrder(node.on_failure, path, at) : tried;
  if (caught.state === 'open') return caught;
  const last = inOrder(node.always, path, at);
  return last.state === 'done' ? caught : last;
}

/** Index of the first true case, or -1. */
const chosen = (journal: Journal, path: string): number => {
  const answer = journal.get(path)?.output?.['chosen'];
  return typeof answer === 'number' ? answer : -1;
};
