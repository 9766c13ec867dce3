import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { fakeClock } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { createLeaseContender } from './lease.ts';
import { createLockContender } from './lock-file.ts';

const failure = (code: number) => new KubeError({ code, reason: 'x', message: 'x', path: '/' });

/** An API server with one Lease; `link` says what becomes of a contender's requests and of the answers. */
function leaseServer() {
  let lease: (JsonObject & { metadata: JsonObject }) | undefined;
  let version = 0;
  const store = (body: Json) => {
    version += 1;
    const { metadata, ...rest } = body as JsonObject & { metadata: JsonObject };
    lease = { ...rest, metadata: { ...metadata, resourceVersion: String(version) } };
    return lease;
  };
  const clientFor = (link: { state: 'up' | 'down' | 'deaf' }): KubeClient => {
    const through = async (work: () => Json): Promise<Json> => {
      if (link.state === 'down') throw failure(0);
      const answer = work();
      if (link.state === 'deaf') throw failure(0);
      return answer;
    };
    return {
      ...createKubeClient({ server: 'http://127.0.0.1:9' }),
      get: () =>
        through(() => {
          if (lease === undefined) throw failure(404);
          return structuredClone(lease);
        }),
      post: (_path, body) =>
        through(() => {
          if (lease !== undefined) throw failure(409);
          return store(body);
        }),
      put: (_path, body) =>
        through(() => {
          const sent = (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
          if (sent !== lease?.metadata['resourceVersion']) throw failure(409);
          return store(body);
        }),
    };
  };
  return { clientFor };
}

type Move =
  | { kind: 'tick'; who: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'link'; who: number; state: 'up' | 'down' | 'deaf' };
const who = fc.integer({ min: 0, max: 2 });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('tick' as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 9_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      who,
      state: fc.constantFrom('up' as const, 'down' as const, 'deaf' as const),
    }),
  },
);

/** Three contenders for one lease, each with a link of its own. */
function threeContenders() {
  const clock = fakeClock();
  const { clientFor } = leaseServer();
  const all = [0, 1, 2].map((index) => {
    const link = { state: 'up' as 'up' | 'down' | 'deaf' };
    const place = { client: clientFor(link), namespace: 'a', identity: `agent-${index}`, clock };
    return { link, contender: createLeaseContender(place) };
  });
  return {
    leaders: () => all.filter(({ contender }) => contender.leading()).length,
    play: async (one: Move): Promise<void> => {
      if (one.kind === 'wait') return clock.advance(one.ms);
      const { link, contender } = all[one.who] ?? {};
      if (one.kind === 'link') Object.assign(link ?? {}, { state: one.state });
      else await contender?.tick().catch(() => undefined);
    },
  };
}

describe('the lease', () => {
  it('never has two leaders, whatever gets lost and however late everybody is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
        const { play, leaders } = threeContenders();
        for (const one of moves) {
          await play(one);
          expect(leaders()).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes to another once the holder is silent, and at once when it is given back', async () => {
    const clock = fakeClock();
    const { clientFor } = leaseServer();
    const [a, b] = ['a', 'b'].map((identity) =>
      createLeaseContender({ client: clientFor({ state: 'up' }), namespace: 'x', identity, clock }),
    );
    await a?.tick();
    await b?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([true, false]);
    clock.advance(15_001);
    await b?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([false, true]);
    await a?.tick();
    await b?.release();
    await a?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([true, false]);
  });
});

describe('the lock file', () => {
  it('has one holder, and another after it was left behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aetherius-lock-'));
    const clock = fakeClock();
    const file = join(folder, 'leader.lock');
    const [a, b] = ['a', 'b'].map((identity) => createLockContender({ file, identity, clock }));
    await a?.tick();
    await b?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([true, false]);
    clock.advance(15_001);
    await b?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([false, false]);
    await a?.tick();
    await b?.tick();
    expect([a?.leading(), b?.leading()]).toEqual([false, true]);
    await b?.release();
    await a?.tick();
    expect(a?.leading()).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
