import type { Place } from '@aetherius/shared/http';
import { database, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Case } from '../src/cases/case.ts';
import type { CaseStore } from '../src/cases/case-store.ts';
import { loadCases } from '../src/cases/load-cases.ts';
import { openNeo4jCaseStore } from '../src/cases/neo4j-case-store.ts';
import { createPostgresCaseStore } from '../src/cases/postgres-case-store.ts';

type Opened = { store: CaseStore; stop(): Promise<void> };
const library = loadCases(new URL('../cases/', import.meta.url));

const aCase = (overrides: Partial<Case>): Case => ({
  id: 'incident-1',
  incident_id: '1',
  source: 'run',
  title: 'oom_killed of Deployment cart',
  category: 'oom_killed',
  subject_kind: 'Deployment',
  summary: 'the zeppelin cache grew without a bound',
  symptoms: ['ended/OOMKilled', 'exit/137'],
  object_kinds: ['Deployment', 'Pod'],
  edges: ['Pod owner ReplicaSet'],
  action: 'set_resources',
  outcome: 'verified',
  at: '2026-01-02T03:04:05.678Z',
  ...overrides,
});

/** Every place where cases can be kept passes the same suite. */
const places: { part: 'postgres' | 'neo4j'; open(): Promise<Opened> }[] = [
  {
    part: 'postgres',
    open: async () => {
      const test = await database({
        schema: 'reasoning_service',
        migrations: new URL('../migrations/', import.meta.url),
      });
      return { store: createPostgresCaseStore(test.db), stop: test.drop };
    },
  },
  {
    part: 'neo4j',
    open: async () => {
      const store = openNeo4jCaseStore({ uri: process.env['AETHERIUS_TEST_NEO4J_URL'] ?? '' });
      return { store, stop: store.stop };
    },
  },
];

for (const { part, open } of places) {
  needs(part)(`cases in ${part}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
      await opened.store.keep(library);
    }, 60_000);
    afterAll(async () => opened.stop(), 30_000);
    const ids = (cases: readonly { id: string }[]) => cases.map(({ id }) => id);

    it('gives back exactly what it was given', async () => {
      await opened.store.keep([aCase({})]);
      const [first] = await opened.store.list({ limit: 1, before: undefined });
      const { ends, ...kept } = first ?? { ends: undefined };
      expect(ends).toEqual([]);
      const given = aCase({});
      expect({ ...kept, symptoms: first?.symptoms.toSorted(), object_kinds: first?.object_kinds.toSorted() }).toEqual(
        given,
      );
    });

    it('keeps the later of two ends of one incident, whichever comes first', async () => {
      const later = aCase({
        id: 'twice',
        outcome: 'rolled_back',
        action: null,
        symptoms: ['exit/1'],
        at: '2026-02-01T00:00:00.000Z',
      });
      await opened.store.keep([later]);
      await opened.store.keep([aCase({ id: 'twice', at: '2026-01-01T00:00:00.000Z' })]);
      const [found] = await opened.store.candidates({ category: 'oom_killed', symptoms: ['exit/1'] }, 1);
      expect(found).toMatchObject({ id: 'twice', outcome: 'rolled_back', action: null, symptoms: ['exit/1'] });
    });

    it('finds by shared symptoms before it finds by cause', async () => {
      const found = await opened.store.candidates(
        { category: 'dns_failure', symptoms: ['event/FailedAttachVolume'] },
        50,
      );
      expect(found[0]?.id).toBe('library-volume-held-by-lost-node');
      expect(ids(found)).toContain('library-short-name-other-namespace');
      expect(ids(found)).not.toContain('library-quota-used-up');
    });

    it('counts an end once, however often it comes', async () => {
      const end = {
        case_id: 'library-bad-setting-rollout',
        feedback_id: 'f1',
        worked: true,
        at: '2026-01-03T00:00:00.000Z',
      };
      await opened.store.note([end, end]);
      await opened.store.note([end, { ...end, feedback_id: 'f2', worked: false }, { ...end, case_id: 'nobody' }]);
      const found = await opened.store.candidates(
        { category: 'crash_loop_app_error', symptoms: ['log/bad_setting'] },
        1,
      );
      expect(found[0]?.ends.map(({ worked }) => worked).toSorted()).toEqual([false, true]);
    });

    it('finds by words in any form, and takes no command from them', async () => {
      await opened.store.keep([aCase({ id: 'words' })]);
      expect(ids(await opened.store.search('zeppelins', 5))).toContain('words');
      expect(await opened.store.search('") OR * [', 5)).toEqual([]);
      expect(ids(await opened.store.search("zeppelin' ) -- : & | *", 5))).toContain('words');
    });

    it('lists everything once, page by page', async () => {
      const seen: string[] = [];
      for (let before: Place | undefined; ; ) {
        const items = await opened.store.list({ limit: 7, before });
        seen.push(...ids(items));
        const last = items.at(-1);
        if (last === undefined) break;
        before = { at: last.at, id: last.id };
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength((await opened.store.count()).cases);
      expect(seen).toEqual(expect.arrayContaining(ids(library)));
    });

    it('changes nothing when the library is read again', async () => {
      const before = await opened.store.count();
      await opened.store.keep(library);
      expect(await opened.store.count()).toEqual(before);
    });
  });
}
