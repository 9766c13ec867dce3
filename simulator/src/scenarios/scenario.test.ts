import { describe, expect, it } from '@jest/globals';
import { loadScenarios, readScenario } from './scenario.ts';

const valid = `
name: example
title: An example
setup: []
fault:
  - stop_node: worker-1
expected:
  category: node_not_ready
  subject: { kind: Node, name: worker-1 }
  outcome: escalated
  action: cordon_node
`;

const complaint = (source: string): string => {
  try {
    readScenario('example.yaml', source);
  } catch (error) {
    return String(error);
  }
  return 'no complaint';
};

describe('scenario files', () => {
  it('twelve of them are shipped, each with a name and a category of its own', () => {
    const scenarios = loadScenarios();
    expect(scenarios).toHaveLength(12);
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(12);
    expect(new Set(scenarios.map(({ expected }) => expected.category)).size).toBe(12);
  });

  it('reads what a valid one says', () => {
    expect(readScenario('example.yaml', valid)).toEqual({
      name: 'example',
      title: 'An example',
      setup: [],
      fault: [{ kind: 'stop_node', node: 'worker-1' }],
      expected: {
        category: 'node_not_ready',
        subject: { kind: 'Node', namespace: null, name: 'worker-1' },
        outcome: 'escalated',
        action: 'cordon_node',
      },
    });
  });

  it.each([
    ['a missing title', valid.replace('title: An example', ''), 'field: title'],
    ['an unknown field', `${valid}\nsurprise: 1`, 'field: surprise'],
    ['an unknown fault', valid.replace('stop_node', 'unplug'), 'field: fault[0].unplug'],
    [
      'two faults in one step',
      valid.replace('worker-1\n', 'worker-1\n    disk_pressure: worker-2\n'),
      'field: fault[0]',
    ],
    ['an outcome that does not exist', valid.replace('escalated', 'fine'), 'field: expected.outcome'],
    ['a name that is not the file name', valid.replace('name: example', 'name: other'), 'field: name'],
    ['a setup that is no list', valid.replace('setup: []', 'setup: none'), 'field: setup'],
    ['broken YAML', 'name: [', 'file: example.yaml'],
  ])('refuses %s and names the place', (_what, source, place) => {
    expect(complaint(source)).toContain(place);
    expect(complaint(source)).toContain('file: example.yaml');
  });
});
