import { describe, expect, it } from '@jest/globals';
import { commandOf } from './command-of.ts';

const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };

describe('a command to do it by hand', () => {
  it.each([
    [
      'set_resources',
      { container: 'app', limits: { memory: '256Mi' } },
      'kubectl set resources deployment/cart -n shop -c app --limits=memory=256Mi',
    ],
    ['rollback_workload', {}, 'kubectl rollout undo deployment/cart -n shop'],
    ['scale_workload', { replicas: 3 }, 'kubectl scale deployment/cart -n shop --replicas=3'],
    ['logs', { previous: true, tail_lines: 200 }, 'kubectl logs deployment/cart -n shop --previous --tail=200'],
  ] as const)('%s', (action, parameters, command) => {
    expect(commandOf({ action, target: cart, parameters })).toBe(command);
  });

  it('names a node without its kind', () => {
    const target = { kind: 'Node', namespace: null, name: 'worker-4' };
    expect(commandOf({ action: 'cordon_node', target, parameters: {} })).toBe('kubectl cordon worker-4');
  });

  it('is none for what only an agent can do, nor for a name that a shell would take for more', () => {
    expect(commandOf({ action: 'observe', target: cart, parameters: {} })).toBeNull();
    expect(commandOf({ action: 'describe', target: { ...cart, name: 'x; rm -rf $HOME' }, parameters: {} })).toBeNull();
  });
});
