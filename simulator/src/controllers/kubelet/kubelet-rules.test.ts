import { describe, expect, it } from '@jest/globals';
import type { Container, ContainerStatus, Pod } from '../types.ts';
import { type BackOff, backOffText, nextBackOff } from './back-off.ts';
import { behaviourAnnotation, behaviourOf, planRun } from './behaviour.ts';
import { environmentOf, mountProblem } from './environment.ts';
import { createMissingImages, fullImageName } from './images.ts';
import { podPhase, podStatus } from './pod-status-rules.ts';
import { probeFailure } from './probe-rules.ts';

const container = (rest: Partial<Container> = {}): Container => ({ name: 'app', image: 'shop/web:1', ...rest });

describe('back-off', () => {
  it('starts at once, then doubles from ten seconds to five minutes', () => {
    let backOff: BackOff | undefined;
    const delays = Array.from({ length: 8 }, (_none, crash) => {
      backOff = nextBackOff(backOff, { nowMs: crash * 1000, speed: 1, first: 'immediate' });
      return backOff.delaySeconds;
    });
    expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('is forgotten after ten quiet minutes, at the speed of the cluster', () => {
    const before = { delaySeconds: 160, lastAt: 0 };
    expect(nextBackOff(before, { nowMs: 61_000, speed: 10, first: 'delayed' }).delaySeconds).toBe(10);
    expect(nextBackOff(before, { nowMs: 61_000, speed: 1, first: 'delayed' }).delaySeconds).toBe(300);
  });

  it('is written as the kubelet writes it', () => {
    expect([10, 80, 300].map(backOffText)).toEqual(['10s', '1m20s', '5m0s']);
  });
});

describe('what a program does', () => {
  const limited = (memory: string) => container({ resources: { limits: { memory } } });

  it('is killed for memory only under a limit that is too low', () => {
    expect(planRun({ memory: '180Mi' }, limited('160Mi'), {}).exit).toMatchObject({ code: 137, reason: 'OOMKilled' });
    expect(planRun({ memory: '180Mi' }, limited('200Mi'), {}).exit).toBeUndefined();
    expect(planRun({ memory: '180Mi' }, container(), {}).exit).toBeUndefined();
  });

  it('gives up without a variable that it needs, and names it', () => {
    const { exit } = planRun({ requires_env: ['DB_URL'] }, container(), {});
    expect(exit).toMatchObject({ code: 1, logs: ['fatal: required environment variable DB_URL is not set'] });
    expect(planRun({ requires_env: ['DB_URL'] }, container(), { DB_URL: 'x' }).exit).toBeUndefined();
  });

  it('ends by itself only under the settings that make it', () => {
    const exit = { code: 3, after: '500ms', when: { env: { MODE: 'bad' } } };
    expect(planRun({ exit }, container(), { MODE: 'bad' }).exit).toMatchObject({
      code: 3,
      afterSeconds: 0.5,
      reason: 'Error',
    });
    expect(planRun({ exit }, container(), { MODE: 'good' }).exit).toBeUndefined();
  });
});

describe('the annotation that says what a program does', () => {
  const read = (text: string, name = 'app') =>
    behaviourOf({ [behaviourAnnotation]: text }, { containers: [container()] }, container({ name }));

  it('is read for the first container alone', () => {
    expect(read('{"memory": "1Gi"}')).toEqual({ behaviour: { memory: '1Gi' } });
    expect(read('{"memory": "1Gi"}', 'sidecar')).toEqual({ behaviour: {} });
  });

  it.each([
    '{',
    '[]',
    '{"surprise": 1}',
    '{"exit": {"code": 1, "after": "soon"}}',
    '{"exit": {"code": 1}}',
    '{"logs": "a"}',
  ])('is answered in words when it is %s', (text) => {
    expect(read(text)).toEqual({ problem: expect.stringContaining(`annotation ${behaviourAnnotation}: `) });
  });
});

describe('configuration of a container', () => {
  const data = { settings: { MODE: 'fast' } } as Record<string, Record<string, string>>;
  const lookup = (_kind: string, name: string) => data[name];
  const from = (key: string, name: string, optional = false) =>
    container({ env: [{ name: 'X', valueFrom: { configMapKeyRef: { name, key, optional } } }] });

  it.each([
    ['a value', from('MODE', 'settings'), { env: { X: 'fast' } }],
    ['an absent map', from('MODE', 'gone'), { problem: 'configmap "gone" not found' }],
    ['an absent key', from('NOPE', 'settings'), { problem: "couldn't find key NOPE in ConfigMap shop/settings" }],
    ['an absent optional', from('MODE', 'gone', true), { env: {} }],
    [
      'a whole map',
      container({ envFrom: [{ prefix: 'P_', configMapRef: { name: 'settings' } }] }),
      { env: { P_MODE: 'fast' } },
    ],
    [
      'an absent whole secret',
      container({ envFrom: [{ secretRef: { name: 'gone' } }] }),
      { problem: 'secret "gone" not found' },
    ],
  ])('%s', (_case, subject, expected) => {
    expect(environmentOf(subject, 'shop', lookup)).toEqual(expected);
  });

  it('says which volume cannot be mounted', () => {
    const volumes = [{ name: 'conf', configMap: { name: 'gone' } }];
    expect(mountProblem(volumes, lookup)).toBe(
      'MountVolume.SetUp failed for volume "conf" : configmap "gone" not found',
    );
    expect(mountProblem([{ name: 'conf', configMap: { name: 'settings' } }], lookup)).toBeUndefined();
  });
});

describe('probes', () => {
  const target = { serves: { port: 8080, paths: ['/healthz'] }, podIP: '10.0.0.9' };
  const named = container({ ports: [{ name: 'http', containerPort: 8080 }] });

  it.each([
    ['the right path on a named port', { httpGet: { path: '/healthz', port: 'http' } }, undefined],
    ['a wrong path', { httpGet: { path: '/health', port: 8080 } }, 'HTTP probe failed with statuscode: 404'],
    [
      'a wrong port',
      { httpGet: { path: '/healthz', port: 9090 } },
      'Get "http://10.0.0.9:9090/healthz": dial tcp 10.0.0.9:9090: connect: connection refused',
    ],
    ['a closed socket', { tcpSocket: { port: 1 } }, 'dial tcp 10.0.0.9:1: connect: connection refused'],
  ])('%s', (_case, probe, failure) => {
    expect(probeFailure(probe, named, target)).toBe(failure);
  });
});

describe('images', () => {
  it('are named in full', () => {
    expect(['nginx', 'shop/web:1', 'registry.example.com/a/b:2', 'localhost/x:1'].map(fullImageName)).toEqual([
      'docker.io/library/nginx:latest',
      'docker.io/shop/web:1',
      'registry.example.com/a/b:2',
      'localhost/x:1',
    ]);
  });

  it('are missing by name, by tag, or when the tag says so', () => {
    const missing = createMissingImages();
    missing.add('shop/web:2');
    missing.add(':9');
    expect(['shop/web:2', 'a/b:9', 'x:does-not-exist', 'shop/web:1'].map((image) => missing.has(image))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('phase of a pod', () => {
  const status = (state: ContainerStatus['state'], lastState: ContainerStatus['state'] = {}): ContainerStatus => ({
    name: 'app',
    image: 'a',
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state,
    lastState,
  });
  const ended = (exitCode: number) => ({
    terminated: { exitCode, reason: 'x', startedAt: '', finishedAt: '', containerID: '' },
  });
  const pod = (restartPolicy: 'Always' | 'OnFailure' | 'Never') =>
    ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [], restartPolicy } }) satisfies Pod;

  it.each([
    ['waits for its first start', 'Always', status({ waiting: { reason: 'ContainerCreating' } }), 'Pending'],
    ['is held back after a crash', 'Always', status({ waiting: { reason: 'CrashLoopBackOff' } }, ended(1)), 'Running'],
    ['has ended and will be restarted', 'Always', status(ended(0)), 'Running'],
    ['has ended well', 'Never', status(ended(0)), 'Succeeded'],
    ['has ended badly', 'Never', status(ended(1)), 'Failed'],
    ['is tried again', 'OnFailure', status(ended(1)), 'Running'],
  ] as const)('a container that %s under %s', (_case, policy, only, phase) => {
    expect(podPhase(pod(policy), [only])).toBe(phase);
  });
});

describe('a pod with a readiness gate', () => {
  const at = '2026-01-02T03:04:05Z';
  const gate = 'example.com/in-target-group';
  const status = { name: 'app', image: 'shop/web:1', ready: true, state: { running: { startedAt: at } } };
  const ready = (conditions: { type: string; status: 'True' | 'False' }[]) => {
    const pod = {
      spec: { containers: [container()], readinessGates: [{ conditionType: gate }] },
      metadata: {},
      status: { conditions: conditions.map((one) => ({ ...one, lastTransitionTime: at })) },
    } as unknown as Pod;
    const containers = [status as unknown as ContainerStatus];
    const found = podStatus(pod, { containers, now: at, hostIP: '10.0.0.1', podIP: '10.1.0.1' });
    return found.conditions?.find(({ type }) => type === 'Ready');
  };

  it('is ready when somebody else says so, and says what it waits for until then', () => {
    expect(ready([])).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: `corresponding condition of pod readiness gate "${gate}" does not exist.`,
    });
    expect(ready([{ type: gate, status: 'False' }])?.message).toBe(
      `the status of pod readiness gate "${gate}" is not "True", but False`,
    );
    expect(ready([{ type: gate, status: 'True' }])).toMatchObject({ status: 'True' });
  });
});
