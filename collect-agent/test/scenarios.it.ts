import { Event, fingerprintOf } from '@aetherius/shared/contracts';
import { createMetrics } from '@aetherius/shared/metrics';
import { newId, systemClock } from '@aetherius/shared/service';
import { eventually, silentLogger } from '@aetherius/shared/testing';
import {
  healthy,
  inject,
  loadBaseCluster,
  loadScenarios,
  runScenario,
  type Simulator,
  setUp,
  startSimulator,
} from '@aetherius/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { startWatching, type Watching } from '../src/watch/start-watching.ts';

const CLUSTER = 'sim';
const scenarios = loadScenarios();
const fingerprints = new Map(
  scenarios.map(({ name, expected: { subject } }) => [
    name,
    fingerprintOf(CLUSTER, { ...subject, namespace: subject.namespace ?? null }),
  ]),
);

/** The reasons by which each fault has to be known, whatever else is told of it. */
const reasons: Record<string, string[]> = {
  crash_loop_app_error: ['CrashLoopBackOff'],
  image_pull_failure: ['ErrImagePull', 'ImagePullBackOff'],
  missing_configmap: ['CreateContainerConfigError'],
  missing_secret: ['CreateContainerConfigError'],
  node_disk_pressure_eviction: ['NodeHasDiskPressure', 'Evicted'],
  node_not_ready: ['NodeNotReady'],
  oom_killed: ['OOMKilled'],
  probe_liveness_misconfigured: ['LivenessProbeFailed'],
  pvc_storageclass_missing: ['ProvisioningFailed', 'FailedScheduling'],
  quota_exceeded: ['FailedCreate'],
  service_selector_mismatch: ['SelectorMatchesNothing'],
  unschedulable_insufficient_resource: ['FailedScheduling'],
};

const told: Event[] = [];
let simulator: Simulator;
let client: KubeClient;
let watching: Watching;

beforeAll(async () => {
  simulator = await startSimulator({ clock: systemClock, newId, speed: 20 });
  const base = loadBaseCluster();
  setUp(base.setup, simulator);
  await healthy(base.setup, simulator.store);
  client = createKubeClient({ server: simulator.address });
  const emit = (event: Event) => told.push(event);
  watching = startWatching({
    client,
    cluster: CLUSTER,
    agentId: 'sim-test',
    clock: systemClock,
    log: silentLogger(),
    emit,
  });
  inject(base.noise, simulator);
  await Promise.all(scenarios.map((scenario) => runScenario(scenario, simulator)));
}, 60_000);

afterAll(async () => {
  await watching.stop();
  client.stop();
  await simulator.stop();
});

const faultsOf = (fingerprint: string | undefined) =>
  told.filter((event) => event.signal === 'fault' && event.fingerprint === fingerprint);
const opens = ({ signal, severity }: Event) => signal === 'fault' && (severity === 'critical' || severity === 'high');

describe('the faults of a simulated cluster', () => {
  it.each(scenarios.map(({ name }) => name))(
    '%s is noticed, under the right name and with evidence',
    async (name) => {
      const faults = await eventually(
        () => {
          const found = faultsOf(fingerprints.get(name));
          expect(found.map(({ reason }) => reason)).toEqual(expect.arrayContaining(reasons[name] ?? [name]));
          return found;
        },
        { within: 30_000 },
      );
      const opening = faults.find(opens);
      const subject = scenarios.find((scenario) => scenario.name === name)?.expected.subject;
      expect(opening?.bundle?.objects[0]).toMatchObject({ kind: subject?.kind, name: subject?.name });
    },
    40_000,
  );

  it('what was rolled out is in the evidence of a crash loop, with the last words of the container that died', () => {
    const bundle = faultsOf(fingerprints.get('crash_loop_app_error')).find((event) => event.bundle !== null)?.bundle;
    expect(bundle?.changes[0]).toMatchObject({
      change: 'rollout',
      from_revision: '1',
      to_revision: '2',
      fields: [
        { path: 'spec.template.spec.containers[checkout].env[PAYMENT_TIMEOUT]', before: '30s', after: '30 seconds' },
      ],
    });
    expect(bundle?.logs.flatMap(({ lines }) => lines).join('\n')).toContain('cannot parse PAYMENT_TIMEOUT');
  });

  it('an ordinary day makes no incident', () => {
    const meant = new Set(fingerprints.values());
    const others = told.filter((event) => opens(event) && !meant.has(event.fingerprint));
    expect(others.map(({ fingerprint, reason }) => `${fingerprint} ${reason}`)).toEqual([]);
  });

  it('every event fits the contract and comes once', () => {
    expect(told.map((event) => Event.safeParse(event).error)).toEqual(told.map(() => undefined));
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });
});

describe('a fault that was mended', () => {
  it('a fault that was mended is cleared, later than its last sign', async () => {
    const checkout = '/apis/apps/v1/namespaces/shop/deployments/checkout';
    const fix = [{ op: 'replace', path: '/spec/template/spec/containers/0/env/0/value', value: '30s' }];
    await client.patch(checkout, 'application/json-patch+json', fix);
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'order-router-settings' },
      data: { mode: 'fast' },
    };
    await client.post('/api/v1/namespaces/orders/configmaps', settings);
    const service = '/api/v1/namespaces/orders/services/orders-api';
    await client.patch(service, 'application/merge-patch+json', { spec: { selector: { app: 'orders-api' } } });
    for (const name of ['crash_loop_app_error', 'missing_configmap', 'service_selector_mismatch']) {
      await eventually(
        () => {
          const fingerprint = fingerprints.get(name);
          const last = told.filter((event) => event.fingerprint === fingerprint && event.signal !== 'info').at(-1);
          const faultAt = Math.max(...faultsOf(fingerprint).map(({ timestamp }) => Date.parse(timestamp)));
          expect([name, last?.signal]).toEqual([name, 'clear']);
          expect(Date.parse(last?.timestamp ?? '')).toBeGreaterThan(faultAt);
        },
        { within: 40_000 },
      );
    }
  }, 60_000);

  it('says of each watch that it is in step', () => {
    expect(Object.values(watching.health()).every(({ synced }) => synced)).toBe(true);
    expect(Object.keys(watching.health())).toContain('events');
  });
});

describe('an agent that is let into one namespace alone', () => {
  it('watches that namespace and nothing that belongs to none, and tells of its faults', async () => {
    const events: Event[] = [];
    const alone = startWatching({
      client,
      cluster: CLUSTER,
      agentId: 'sim-alone',
      namespaces: ['payments'],
      clock: systemClock,
      log: silentLogger(),
      emit: (event) => events.push(event),
    });
    await eventually(() => expect(events.map(({ reason }) => reason)).toContain('CreateContainerConfigError'));
    await alone.stop();
    expect(new Set(events.map(({ namespace }) => namespace))).toEqual(new Set(['payments']));
    expect(Object.keys(alone.health())).toContain('pods/payments');
    expect(Object.keys(alone.health()).some((name) => name.startsWith('nodes'))).toBe(false);
  });
});

describe('an agent that loses the lead and regains it', () => {
  it('watches again, shows its figures again, and tells nothing under a new id', async () => {
    const metrics = createMetrics('collect-agent');
    const rounds: Event[][] = [[], []];
    for (const events of rounds) {
      const again = startWatching({
        client,
        cluster: CLUSTER,
        agentId: 'sim-again',
        clock: systemClock,
        log: silentLogger(),
        emit: (event) => events.push(event),
        metrics,
      });
      await eventually(() => expect(events.map(({ reason }) => reason)).toContain('CreateContainerConfigError'));
      expect(await metrics.metrics()).toContain('aetherius_agent_watch_objects{watch="pods",service="collect-agent"}');
      await again.stop();
      expect(await metrics.metrics()).not.toContain('aetherius_agent_watch');
    }
    const states = rounds.map((events) =>
      events.filter(({ type, reason }) => type === 'k8s_state' && reason === 'CreateContainerConfigError'),
    );
    expect(states[0]?.length).toBeGreaterThan(0);
    expect(states[1]?.map(({ id }) => id).sort()).toEqual(states[0]?.map(({ id }) => id).sort());
  });
});
