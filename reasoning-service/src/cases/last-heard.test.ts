import { errors } from '@aetherius/shared/errors';
import { fakeClock } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import type { CaseStore } from './case-store.ts';
import { rememberLast } from './last-heard.ts';

const counts = { cases: 1, symptoms: 2, ends: 0 };

it('says when the store last answered, and since when it does not, without asking it', async () => {
  const clock = fakeClock('2026-03-01T10:00:00Z');
  let asked = 0;
  let says: () => Promise<typeof counts> = async () => counts;
  const store = {
    kind: 'neo4j',
    count: () => {
      asked += 1;
      return says();
    },
    keep: async () => void (await says()),
  } as Partial<CaseStore> as CaseStore;
  const { cases, tryKeep, lastHeard, isSilent } = rememberLast(store, clock.now);
  expect([lastHeard(), asked]).toEqual(['neo4j: not asked yet', 0]);

  expect(await cases.count()).toEqual(counts);
  expect(lastHeard()).toBe('neo4j: answered at 2026-03-01T10:00:00.000Z');

  says = () => Promise.reject(errors.unavailable({ part: 'neo4j', reason: 'connect ECONNREFUSED 10.0.0.7:7687' }));
  for (let turn = 0; turn < 2; turn += 1) {
    clock.advance(60_000);
    await expect(cases.count()).rejects.toMatchObject({ retryable: true });
    // Since the first time, and without the words of the error: health is for everybody.
    expect([lastHeard(), isSilent()]).toEqual(['neo4j: does not answer since 2026-03-01T10:01:00.000Z', true]);
    // Found out once: nobody else waits for what does not come.
    expect(asked).toBe(2);
  }

  says = async () => counts;
  await expect(cases.count()).rejects.toMatchObject({ retryable: true });
  await tryKeep([]);
  expect([await cases.count(), isSilent(), asked]).toEqual([counts, false, 3]);

  says = () => Promise.reject(new Error('a wrong query'));
  clock.advance(60_000);
  await expect(cases.count()).rejects.toThrow('a wrong query');
  expect([lastHeard(), isSilent(), asked]).toEqual(['neo4j: answered at 2026-03-01T10:03:00.000Z', false, 4]);
});
