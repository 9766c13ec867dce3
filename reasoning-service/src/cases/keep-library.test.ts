import { errors } from '@aetherius/shared/errors';
import { fakeClock, silentLogger } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import type { CaseStore } from './case-store.ts';
import { keepingLibrary } from './keep-library.ts';
import { rememberLast } from './last-heard.ts';

function rig() {
  const server: { fails: Error | undefined; kept: number } = { fails: undefined, kept: 0 };
  const answer = async () => {
    if (server.fails !== undefined) throw server.fails;
  };
  const store = {
    kind: 'neo4j',
    keep: async () => {
      await answer();
      server.kept += 1;
    },
    count: async () => {
      await answer();
      return { cases: 0, symptoms: 0, ends: 0 };
    },
  } as Partial<CaseStore> as CaseStore;
  const heard = rememberLast(store, fakeClock('2026-03-01T10:00:00Z').now);
  const keep = keepingLibrary({ ...heard, library: [], wayOut: () => 'start it', log: silentLogger() });
  return { server, keep, heard };
}

const away = errors.unavailable({ part: 'neo4j', reason: 'connect ECONNREFUSED' });

it('keeps the library once, and anew in a store that was away', async () => {
  const { server, keep, heard } = rig();
  for (let round = 0; round < 3; round += 1) await keep();
  expect(server.kept).toBe(1);
  server.fails = away;
  await expect(heard.cases.count()).rejects.toThrow('ECONNREFUSED');
  await keep();
  server.fails = undefined;
  for (let round = 0; round < 3; round += 1) await keep();
  expect(server.kept).toBe(2);
});

it('finds out that the store is back, before anybody else asks it', async () => {
  const { server, keep, heard } = rig();
  server.fails = away;
  await keep();
  server.fails = undefined;
  await expect(heard.cases.count()).rejects.toMatchObject({ retryable: true });
  await keep();
  expect([server.kept, heard.isSilent()]).toEqual([1, false]);
  expect(await heard.cases.count()).toMatchObject({ cases: 0 });
});

it('does not go on with a library that the store refuses', async () => {
  const { server, keep } = rig();
  server.fails = new Error('not like this');
  await expect(keep()).rejects.toThrow('not like this');
});
