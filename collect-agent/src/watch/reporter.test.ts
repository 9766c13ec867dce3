import type { Bundle, Event } from '@aetherius/shared/contracts';
import { aBundle, fakeClock, silentLogger } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { createAllowance } from '../evidence/allowance.ts';
import type { Signal } from '../signals/signal.ts';
import { createReporter } from './reporter.ts';

const START = Date.parse('2026-01-02T03:10:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

const setUp = (evidence: (signal: Signal) => Promise<Bundle> = async () => aBundle(), perMinute = 60) => {
  const clock = fakeClock(at(0));
  const sent: Event[] = [];
  const looked: [string, number][] = [];
  const reporter = createReporter({
    cluster: 'eu-1',
    agentId: 'eu-1-a',
    clock,
    log: silentLogger(),
    emit: (event) => sent.push(event),
    evidence,
    allowance: createAllowance({ perMinute }),
    lookAgain: (subject, afterMs) => looked.push([subject.name, afterMs]),
  });
  return { clock, sent, looked, ...reporter };
};

const fault = (fields: Partial<Signal> = {}): Signal => ({
  type: 'k8s_state',
  signal: 'fault',
  severity: 'critical',
  reason: 'CrashLoopBackOff',
  message: 'keeps exiting',
  source: 'pod-status',
  object: { api_version: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1', uid: 'u-1' },
  subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
  node: 'worker-1',
  count: 1,
  at: at(-5),
  identity: ['u-1', 'app', 'CrashLoopBackOff', 2],
  holdMs: 0,
  ...fields,
});
const clear = (seconds: number): Signal =>
  fault({
    signal: 'clear',
    severity: 'low',
    reason: 'WorkloadAvailable',
    at: at(seconds),
    identity: ['u-d', '', 'WorkloadAvailable', at(seconds)],
  });

describe('the reporter', () => {
  it('gathers evidence again for a reason that is new, after what is under way', async () => {
    const gathered: string[] = [];
    const { tell, idle, sent } = setUp(async ({ reason }) => {
      gathered.push(reason);
      return aBundle();
    });
    const reasons = ['ErrImagePull', 'ErrImagePull', 'ImagePullBackOff'];
    for (const [index, reason] of reasons.entries()) tell(fault({ reason, identity: ['u-1', 'app', reason, index] }));
    await idle();
    expect(gathered).toEqual(['ErrImagePull', 'ImagePullBackOff']);
    expect(sent.map(({ reason, bundle }) => [reason, bundle !== null])).toEqual([
      ['ErrImagePull', true],
      ['ErrImagePull', false],
      ['ImagePullBackOff', true],
    ]);
  });

  it('sends evidence later that there was no room for, and counts nothing twice', async () => {
    const { tell, idle, sent, clock, catchUp } = setUp(undefined, 1);
    const second = fault({ subject: { kind: 'Deployment', namespace: 'shop', name: 'till' }, identity: ['u-2'] });
    tell(fault());
    tell(second);
    await idle();
    const told = () => sent.map(({ fingerprint, signal, bundle }) => [fingerprint, signal, bundle !== null]);
    // That of the second was sent at once, without waiting.
    expect(told()).toEqual([
      ['eu-1/shop/Deployment/till', 'fault', false],
      ['eu-1/shop/Deployment/cart', 'fault', true],
    ]);
    catchUp();
    await idle();
    expect(sent.length).toBe(2);
    clock.advance(60_000);
    catchUp();
    catchUp();
    await idle();
    expect(told().slice(2)).toEqual([['eu-1/shop/Deployment/till', 'info', true]]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  });

  it('owes nothing to what is well again', async () => {
    const { tell, idle, sent, clock, catchUp } = setUp(undefined, 1);
    const till = { subject: { kind: 'Deployment', namespace: 'shop', name: 'till' } };
    tell(fault());
    tell(fault({ ...till, identity: ['u-2'] }));
    tell({ ...clear(30), ...till });
    clock.advance(60_000);
    catchUp();
    await idle();
    expect(sent.map(({ signal }) => signal).sort()).toEqual(['clear', 'fault', 'fault']);
  });

  it('makes an event with the evidence, once', async () => {
    const { tell, idle, sent } = setUp();
    tell(fault());
    tell(fault());
    await idle();
    expect(sent).toMatchObject([
      {
        cluster_id: 'eu-1',
        fingerprint: 'eu-1/shop/Deployment/cart',
        owner: { name: 'cart' },
        timestamp: at(-5),
        bundle: { cluster: 'eu-1' },
      },
    ]);
    expect(sent[0]?.id).toMatch(/^[0-9a-f]{64}$/);
  });

  it('derives the same id in another replica and another in another cluster', async () => {
    const [one, two] = [setUp(), setUp()];
    one.tell(fault());
    two.tell(fault());
    await Promise.all([one.idle(), two.idle()]);
    expect(one.sent[0]?.id).toBe(two.sent[0]?.id);
  });

  it('lets what comes meanwhile wait, so that the first event is the one with evidence', async () => {
    const { tell, idle, sent } = setUp(() => new Promise((resolve) => setTimeout(() => resolve(aBundle()), 20)));
    tell(fault());
    tell(fault({ reason: 'OOMKilled', identity: ['u-1', 'app', 'OOMKilled', 2] }));
    expect(sent).toEqual([]);
    await idle();
    expect(sent.map(({ reason, bundle }) => [reason, bundle !== null])).toEqual([
      ['CrashLoopBackOff', true],
      ['OOMKilled', true],
    ]);
  });
});

describe('evidence of a report', () => {
  it('tells a fault without evidence rather than not at all', async () => {
    const { tell, idle, sent } = setUp(() => Promise.reject(new Error('broken')));
    tell(fault());
    await idle();
    expect(sent).toMatchObject([{ reason: 'CrashLoopBackOff', bundle: null }]);
  });

  it('gathers nothing for what opens no incident', async () => {
    const { tell, idle, sent } = setUp();
    tell(fault({ severity: 'medium' }));
    await idle();
    expect(sent).toMatchObject([{ severity: 'medium', bundle: null }]);
  });
});

describe('clears', () => {
  it('clears after the fault, even within the same second', async () => {
    const { tell, idle, sent } = setUp();
    tell(fault({ at: at(-5) }));
    tell(clear(-5));
    await idle();
    const [first, second] = sent;
    expect(second).toMatchObject({ signal: 'clear', fingerprint: first?.fingerprint });
    expect(Date.parse(second?.timestamp ?? '')).toBeGreaterThan(Date.parse(first?.timestamp ?? ''));
  });

  it('believes a health that is older than the fault only after a minute of quiet', async () => {
    const { tell, idle, sent, clock, looked } = setUp();
    tell(fault());
    tell(clear(-100));
    await idle();
    expect(sent.map(({ signal }) => signal)).toEqual(['fault']);
    expect(looked.at(-1)).toEqual(['cart', 60_000]);
    clock.advance(60_000);
    tell(clear(-100));
    await idle();
    expect(sent.at(-1)).toMatchObject({ signal: 'clear', timestamp: at(60) });
  });

  it('clears again after a second fault', async () => {
    const { tell, idle, sent } = setUp();
    for (const round of [1, 2]) {
      tell(fault({ at: at(round * 10), identity: ['u-1', 'app', 'CrashLoopBackOff', round] }));
      tell(clear(round * 10 + 5));
      await idle();
    }
    expect(sent.map(({ signal }) => signal)).toEqual(['fault', 'clear', 'fault', 'clear']);
  });

  it('without a known fault tells a fresh health once, for an agent that was restarted, and no old one', () => {
    const { tell, sent } = setUp();
    tell(clear(-30));
    tell(clear(-30));
    tell(clear(-4000));
    expect(sent).toHaveLength(1);
  });
});

describe('repetition and deletion', () => {
  it('passes on an Event that counts up at most every half minute', async () => {
    const { tell, idle, sent, clock } = setUp();
    for (let count = 1; count <= 20; count += 1) {
      tell(fault({ type: 'k8s_event', count, identity: ['e-1', count, at(count * 5)], at: at(count * 5) }));
      clock.advance(5_000);
    }
    await idle();
    expect(sent.map(({ count }) => count)).toEqual([1, 2, 3, 9, 15]);
  });

  it('clears what was deleted while it was broken, and only that', async () => {
    const { tell, gone, idle, sent } = setUp();
    const deleted = clear(0);
    gone(deleted.subject, deleted);
    tell(fault());
    gone(deleted.subject, deleted);
    await idle();
    expect(sent.map(({ signal }) => signal)).toEqual(['fault', 'clear']);
  });

  it('takes a time that is none for now', async () => {
    const { tell, idle, sent } = setUp();
    tell(fault({ at: 'yesterday' }));
    await idle();
    expect(sent[0]?.timestamp).toBe(at(0));
  });
});
