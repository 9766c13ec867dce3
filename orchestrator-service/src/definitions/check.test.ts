import { WorkflowDefinition } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { checkDefinition, checkStrategy, MAX_STEPS } from './check.ts';
import { fieldOf } from './errors.ts';
import { readSource } from './read-files.ts';

const wait = (id: string) => ({ id, kind: 'wait', duration: '1s' });
const workflow = (...steps: unknown[]) => ({ name: 'w', description: 'd', steps });
const remedy = (action: string, more: object) => ({
  id: 'r',
  kind: 'remediation',
  action,
  verify: { condition: 'workload_available', held_for: '5s', window: '1m' },
  ...more,
});
const nothing = new Map<string, WorkflowDefinition>();
const problemsOf = (document: unknown, known = nothing) => {
  const checked = checkDefinition(document, known);
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${fieldOf(path)}: ${message}`);
};
const knownOf = (...documents: unknown[]) =>
  new Map(documents.map((one) => WorkflowDefinition.parse(one)).map((one) => [one.name, one]));

const refused: [string, unknown, string][] = [
  ['a repeated id', workflow(wait('a'), wait('a')), 'steps[1].id: the id "a" is taken'],
  [
    'an expression that does not parse',
    workflow({ id: 'd', kind: 'decision', cases: [{ when: 'a ==', answer: 'x' }], otherwise: 'y' }),
    'steps[0].cases[0].when: ',
  ],
  [
    'a variable that is not there',
    workflow({ id: 'd', kind: 'decision', cases: [{ when: 'secret.x', answer: 'x' }], otherwise: 'y' }),
    'Unknown variable: secret',
  ],
  [
    'a loop without an end',
    workflow({ id: 'l', kind: 'loop', max: 2, body: wait('a') }),
    'steps[0]: a loop has either until or for_each',
  ],
  [
    'a workflow that is not there',
    workflow({ id: 'u', kind: 'use', workflow: 'other' }),
    'steps[0].workflow: there is no workflow "other"',
  ],
  ['a circle', workflow({ id: 'u', kind: 'use', workflow: 'w' }), 'a circle: w -> w'],
  [
    'a parameter that the action does not know',
    workflow({
      id: 'r',
      kind: 'remediation',
      action: 'cordon_node',
      parameters: { force: true },
      verify: { condition: 'node_unschedulable', held_for: '5s', window: '1m' },
    }),
    'steps[0].parameters.force: cordon_node has no parameter "force"',
  ],
  [
    'a literal that is no quantity',
    workflow(remedy('set_resources', { parameters: { container: 'app', limits: { memory: 'zzz' } } })),
    'steps[0].parameters.limits.memory: a Kubernetes quantity',
  ],
  ['a parameter that is missing', workflow(remedy('scale_workload', {})), 'steps[0].parameters.replicas: '],
  [
    'a signal that another kind of object gives',
    workflow(remedy('rollback_workload', { verify: { condition: 'pod_ready', held_for: '5s', window: '1m' } })),
    'steps[0].verify.condition: pod_ready cannot show that rollback_workload helped; what can: workload_available',
  ],
  [
    'a signal that nobody can watch for long enough',
    workflow(
      remedy('rollback_workload', { verify: { condition: 'workload_available', held_for: '2m', window: '1m' } }),
    ),
    'steps[0].verify.held_for: 2m is longer than the window of 1m',
  ],
  [
    'a watch that is too short',
    workflow({
      id: 'c',
      kind: 'command',
      action: 'observe',
      parameters: { condition: 'node_ready', held_for: '2m', window: '1m' },
    }),
    'steps[0].parameters.held_for: 2m is longer than the window of 1m',
  ],
  [
    'an unanswerable message',
    workflow({ id: 'e', kind: 'escalate', message: 'see {{ incident. }}' }),
    'steps[0].message: ',
  ],
  ['a field that nobody knows', { ...workflow(wait('a')), on_error: 'ignore' }, 'on_error'],
];

describe('a definition', () => {
  it('is accepted when all is well', () => {
    const loop = { id: 'l', kind: 'loop', max: 2, until: "steps.a.status == 'done'", body: wait('a') };
    expect(problemsOf(workflow(loop))).toEqual([]);
    const computed = { container: { from: 'incident.subject.name' }, limits: { from: 'incident.limits' } };
    expect(problemsOf(workflow(remedy('set_resources', { parameters: computed })))).toEqual([]);
  });

  it('names the field of a wrong value, deep inside', () => {
    const step = {
      id: 'c',
      kind: 'choice',
      cases: [{ when: 'true', steps: [{ id: 'x', kind: 'wait', duration: 'soon' }] }],
    };
    expect(problemsOf(workflow(step))[0]).toMatch(/^steps\[0\]\.cases\[0\]\.steps\[0\]\.duration: a duration such as/);
  });

  it('says which kinds of step there are', () => {
    expect(problemsOf(workflow({ id: 'x', kind: 'shell' }))[0]).toContain(
      '"shell" is not a kind of step; there are: command',
    );
  });

  it.each(refused)('is refused for %s', (_, document, problem) => {
    expect(problemsOf(document).join('\n')).toContain(problem);
  });

  it('is refused for a circle over another one, and for its size with everything it uses', () => {
    const other = { name: 'other', description: 'd', steps: [{ id: 'u', kind: 'use', workflow: 'w' }] };
    expect(problemsOf(workflow({ id: 'u', kind: 'use', workflow: 'other' }), knownOf(other))).toEqual([
      'steps[0].workflow: a circle: w -> other -> w',
    ]);
    const long = {
      name: 'long',
      description: 'd',
      steps: Array.from({ length: MAX_STEPS }, (_, index) => wait(`s${index}`)),
    };
    expect(problemsOf(workflow({ id: 'u', kind: 'use', workflow: 'long' }), knownOf(long))[0]).toContain(
      `at most ${MAX_STEPS}`,
    );
  });
});

describe('a strategy', () => {
  it('needs a workflow that exists', () => {
    const checked = checkStrategy({ name: 's', description: 'd', workflow: 'w', match: {}, autonomy: 'auto' }, nothing);
    expect(checked).toEqual({ ok: false, problems: [{ path: ['workflow'], message: 'there is no workflow "w"' }] });
  });
});

describe('a file', () => {
  it('shows the line of the field at fault', () => {
    const text = 'name: w\ndescription: d\nsteps:\n  - id: a\n    kind: wait\n    duration: soon\n';
    const read = readSource('x.yaml', text);
    if (!('source' in read)) throw new Error('the file must parse');
    const checked = checkDefinition(read.source.document, nothing);
    if (checked.ok) throw new Error('the file must be refused');
    expect(read.source.locate(checked.problems[0] ?? { path: [], message: '' })).toMatch(
      /^x\.yaml:6: steps\[0\]\.duration: /,
    );
  });

  it('shows the line of a syntax error and of a key given twice', () => {
    expect(readSource('x.yaml', 'name: w\nsteps: [')).toEqual({ problems: [expect.stringMatching(/^x\.yaml:2: /)] });
    expect(readSource('x.yaml', 'name: w\nname: v\n')).toEqual({
      problems: [expect.stringMatching(/^x\.yaml:2: .*unique/)],
    });
  });
});
