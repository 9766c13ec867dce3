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

  const on = (kind: string) => ({ kind, namespace: 'shop', name: 'cart' });
  it.each([
    [
      'set_probe',
      'Deployment',
      { container: 'app', probe: 'liveness', port: 8080, timeout_seconds: 5 },
      `kubectl patch deployment/cart -n shop -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","livenessProbe":{"httpGet":{"port":8080},"timeoutSeconds":5}}]}}}}'`,
    ],
    ['resume_rollout', 'Deployment', {}, 'kubectl rollout resume deployment/cart -n shop'],
    ['set_service_account', 'Deployment', { name: 'cart' }, 'kubectl set serviceaccount deployment/cart -n shop cart'],
    [
      'set_service_selector',
      'Service',
      { selector: { app: 'cart' } },
      'kubectl set selector service/cart -n shop app=cart',
    ],
    [
      'resize_claim',
      'PersistentVolumeClaim',
      { storage: '15Gi' },
      `kubectl patch persistentvolumeclaim/cart -n shop -p '{"spec":{"resources":{"requests":{"storage":"15Gi"}}}}'`,
    ],
    [
      'set_strategy',
      'Deployment',
      { type: 'Recreate' },
      `kubectl patch deployment/cart -n shop -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'`,
    ],
    [
      'set_strategy',
      'Deployment',
      { type: 'RollingUpdate', max_surge: 0, max_unavailable: 1 },
      `kubectl patch deployment/cart -n shop -p '{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":0,"maxUnavailable":1}}}}'`,
    ],
    [
      'set_node_selector',
      'Deployment',
      { labels: { disk: 'ssd' } },
      `kubectl patch deployment/cart -n shop -p '{"spec":{"template":{"spec":{"nodeSelector":{"$patch":"replace","disk":"ssd"}}}}}'`,
    ],
    [
      'set_pull_secrets',
      'Deployment',
      { names: ['registry'] as string[] },
      `kubectl patch deployment/cart -n shop -p '{"spec":{"template":{"spec":{"imagePullSecrets":[{"$patch":"replace"},{"name":"registry"}]}}}}'`,
    ],
    ['set_node_selector', 'Deployment', { labels: { disk: '$(id)' } }, null],
    ['set_quota', 'ResourceQuota', { hard: { "it's": '1' } }, null],
    ['set_ingress_backend', 'Ingress', { from: 'a', service: 'b', port: 80 }, null],
  ] as const)('%s of a %s with %j', (action, kind, parameters, command) => {
    expect(commandOf({ action, target: on(kind), parameters })).toBe(command);
  });

  it('names a node without its kind', () => {
    const target = { kind: 'Node', namespace: null, name: 'worker-4' };
    expect(commandOf({ action: 'cordon_node', target, parameters: {} })).toBe('kubectl cordon worker-4');
  });

  it('is none for what is not the name of an object', () => {
    for (const name of ['cart --all', '-l', 'Cart', 'a/b', '$(id)'])
      expect(commandOf({ action: 'describe', target: { ...cart, name }, parameters: {} })).toBeNull();
    expect(commandOf({ action: 'describe', target: { ...cart, namespace: 'shop -A' }, parameters: {} })).toBeNull();
  });

  it('lists what others refer to, and prints no values', () => {
    expect(commandOf({ action: 'get', target: on('Secret'), parameters: {} })).toBe('kubectl get secret -n shop');
    const target = { kind: 'StorageClass', namespace: null, name: 'fast' };
    expect(commandOf({ action: 'get', target, parameters: {} })).toBe('kubectl get storageclass');
  });

  it('is none for what no cluster keeps, and asks nothing without containers for logs', () => {
    const log = { kind: 'Log', namespace: null, name: 'app.log' };
    const node = { kind: 'Node', namespace: null, name: 'worker-4' };
    expect(commandOf({ action: 'describe', target: log, parameters: {} })).toBeNull();
    expect(commandOf({ action: 'logs', target: node, parameters: {} })).toBeNull();
    expect(commandOf({ action: 'describe', target: node, parameters: {} })).toBe('kubectl describe node/worker-4');
  });

  it('is none for what only an agent can do, nor for a name that a shell would take for more', () => {
    expect(commandOf({ action: 'observe', target: cart, parameters: {} })).toBeNull();
    expect(commandOf({ action: 'describe', target: { ...cart, name: 'x; rm -rf $HOME' }, parameters: {} })).toBeNull();
  });
});
