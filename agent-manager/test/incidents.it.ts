import { type Event, RunProgress, type Subject } from '@aetherius/shared/contracts';
import { sql, withTransaction } from '@aetherius/shared/postgres';
import { aBundle, aDiagnosis, anEvent, fakeClock, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { storeRig } from './rig.ts';

type Row = {
  id: string;
  episode: number;
  state: string;
  outcome: string | null;
  hits: number;
  merged_into: string | null;
  closed_at: string | null;
};

needs('postgres')('incidents in the store', () => {
  const clock = fakeClock('2026-01-02T03:04:05.000Z');
  let rig: Awaited<ReturnType<typeof storeRig>>;
  beforeAll(async () => {
    rig = await storeRig({ clock });
  });
  afterAll(() => rig.stop());

  let named = 0;
  const freshSubject = (kind = 'Deployment'): Subject => {
    named += 1;
    return { kind, namespace: kind === 'Node' ? null : 'shop', name: `thing-${named}` };
  };
  const at = (second: number) => new Date(clock.now().getTime() + second * 1000).toISOString();
  const fault = (owner: Subject, changes: Partial<Event> = {}) =>
    anEvent({ owner, timestamp: at(0), bundle: null, ...changes });
  const rows = (owner: Subject) =>
    rig.db.many<Row>(
      sql`select * from incident where fingerprint like ${`%/${owner.kind}/${owner.name}`} order by episode`,
    );
  const toldOf = async (owner: Subject) => (await rig.told()).filter((told) => told.subject.name === owner.name);
  const phases = async (owner: Subject) => (await toldOf(owner)).map((told) => told.phase);
  const step = async (owner: Subject, changes: Partial<RunProgress>) => {
    const row = (await rows(owner)).at(-1);
    if (row === undefined) throw new Error('no incident');
    await rig.manager.incidents.progress([
      RunProgress.parse({
        incident_id: row.id,
        episode: row.episode,
        run_id: 'r-1',
        revision: 1,
        phase: 'explaining',
        at: at(0),
        ...changes,
      }),
    ]);
  };

  it('counts an event once however often it comes, also twice in one batch', async () => {
    const owner = freshSubject();
    const event = fault(owner);
    expect(await rig.manager.ingest.record([event, event])).toBe(1);
    expect(await rig.manager.ingest.record([event])).toBe(0);
    expect(await rows(owner)).toMatchObject([{ hits: 1, episode: 1, state: 'open' }]);
    expect(await phases(owner)).toEqual(['opened']);
  });

  it('counts once when two replicas store the same events at the same time', async () => {
    const owner = freshSubject();
    const events = Array.from({ length: 20 }, () => fault(owner));
    const fresh = await Promise.all([
      rig.manager.ingest.record(events),
      rig.manager.ingest.record(events.toReversed()),
    ]);
    expect(fresh[0] + fresh[1]).toBe(20);
    expect(await rows(owner)).toMatchObject([{ hits: 20 }]);
    expect(await phases(owner)).toEqual(['opened']);
  });

  it('sends urgent incidents apart, with the richest bundle there is', async () => {
    const owner = freshSubject();
    const poor = aBundle({ logs: [], events: [], changes: [] });
    await rig.manager.ingest.record([fault(owner, { bundle: poor }), fault(owner, { bundle: aBundle() })]);
    expect(await toldOf(owner)).toMatchObject([
      { subject_name: 'internal.event.critical', phase: 'opened', bundle: { logs: aBundle().logs } },
    ]);
    const other = freshSubject();
    await rig.manager.ingest.record([fault(other, { severity: 'high' })]);
    await rig.manager.ingest.record([fault(other, { severity: 'high', bundle: aBundle() })]);
    expect(await toldOf(other)).toMatchObject([
      { subject_name: 'internal.event.incident', phase: 'opened', bundle: null },
      { subject_name: 'internal.event.incident', phase: 'changed', bundle: { logs: aBundle().logs } },
    ]);
  });

  it('ends in the same incident in any order of delivery', async () => {
    const end = async (order: (events: Event[]) => Event[][]) => {
      const owner = freshSubject();
      const events = [
        fault(owner, { severity: 'medium', reason: 'BackOff', timestamp: at(1) }),
        fault(owner, { timestamp: at(2) }),
        fault(owner, { severity: 'high', reason: 'OOMKilled', timestamp: at(3), bundle: aBundle() }),
        fault(owner, { signal: 'clear', timestamp: at(4) }),
      ];
      for (const batch of order(events)) await rig.manager.ingest.record(batch);
      return rig.db.many(sql`
        select episode, opened_at, last_seen_at, last_clear_at, severity, reasons, nodes, hits, events, state, evidence->>'hash' as hash
          from incident where fingerprint like ${`%/${owner.name}`}`);
    };
    const together = await end((events) => [events]);
    expect(together).toMatchObject([
      {
        hits: 3,
        events: 4,
        reasons: ['CrashLoopBackOff', 'OOMKilled', 'BackOff'],
        opened_at: at(2).replace('.000Z', 'Z'),
      },
    ]);
    expect(await end((events) => events.map((event) => [event]))).toEqual(together);
    expect(await end((events) => events.toReversed().map((event) => [event]))).toEqual(together);
  });

  it('closes what stays clear and opens the next episode at the next fault', async () => {
    const owner = freshSubject();
    await rig.manager.ingest.record([fault(owner), fault(owner, { signal: 'clear', timestamp: at(5) })]);
    await rig.manager.incidents.settle();
    expect(await rows(owner)).toMatchObject([{ state: 'open', closed_at: null }]);
    clock.advance(16_000);
    await rig.manager.incidents.settle();
    await rig.manager.incidents.settle();
    expect(await rows(owner)).toMatchObject([{ state: 'resolved', outcome: 'cleared' }]);
    await rig.manager.ingest.record([fault(owner)]);
    const [first, second] = await rows(owner);
    expect(second).toMatchObject({ id: first?.id, episode: 2, state: 'open' });
    expect((await toldOf(owner)).map((told) => [told.phase, told.episode])).toEqual([
      ['opened', 1],
      ['cleared', 1],
      ['opened', 2],
    ]);
  });

  it('only tells a run at work of a clear, once', async () => {
    const owner = freshSubject();
    await rig.manager.ingest.record([fault(owner)]);
    await step(owner, { phase: 'explaining' });
    await rig.manager.ingest.record([fault(owner, { signal: 'clear', timestamp: at(2) })]);
    clock.advance(16_000);
    await rig.manager.incidents.settle();
    await rig.manager.incidents.settle();
    expect(await phases(owner)).toEqual(['opened', 'cleared']);
    expect(await rows(owner)).toMatchObject([{ state: 'explaining', closed_at: null }]);
    await step(owner, { phase: 'resolved', outcome: 'cancelled', revision: 2 });
    expect(await rows(owner)).toMatchObject([{ state: 'resolved', outcome: 'cleared' }]);
  });

  it('follows a run only by rising revisions', async () => {
    const owner = freshSubject();
    await rig.manager.ingest.record([fault(owner)]);
    await step(owner, { phase: 'verifying', revision: 4, diagnosis: aDiagnosis(), action: 'rollback_workload' });
    await step(owner, { phase: 'explaining', revision: 3 });
    await step(owner, { phase: 'repairing', revision: 4 });
    expect(await rows(owner)).toMatchObject([{ state: 'verifying' }]);
    await step(owner, { phase: 'resolved', outcome: 'verified', revision: 5 });
    const { category } = aDiagnosis();
    expect(await rows(owner)).toMatchObject([{ state: 'resolved', outcome: 'verified', diagnosis: { category } }]);
    await expect(step(owner, { episode: 9 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes the steps of several runs at once, and none of them when one speaks of nothing that is known', async () => {
    const [owner, other] = [freshSubject(), freshSubject()];
    await rig.manager.ingest.record([fault(owner), fault(other)]);
    const of = async (subject: Subject, changes: Partial<RunProgress>) => {
      const { id = '', episode = 0 } = (await rows(subject)).at(-1) ?? {};
      const about = { incident_id: id, episode, run_id: 'r-1', at: at(0) };
      return RunProgress.parse({ ...about, revision: 1, phase: 'explaining', ...changes });
    };
    const repairing = await of(owner, { revision: 2, phase: 'repairing' });
    const steps = [
      repairing,
      await of(owner, {}),
      await of(other, {}),
      await of(owner, { revision: 3, phase: 'verifying' }),
    ];
    await expect(rig.manager.incidents.progress([...steps, { ...repairing, incident_id: 'x' }])).rejects.toMatchObject({
      code: 'not_found',
    });
    expect([await rows(owner), await rows(other)]).toMatchObject([[{ state: 'open' }], [{ state: 'open' }]]);
    await rig.manager.incidents.progress(steps);
    expect([await rows(owner), await rows(other)]).toMatchObject([[{ state: 'verifying' }], [{ state: 'explaining' }]]);
    const known = await rig.db.many(
      sql`select revision from progress where incident_id = ${repairing.incident_id} order by 1`,
    );
    expect(known).toEqual([{ revision: 2 }, { revision: 3 }]);
  });

  it('merges a workload into the incident of its node, and lets go of it when the node is well but it is not', async () => {
    const node = freshSubject('Node');
    const owner = freshSubject();
    const evicted = { reason: 'Evicted', severity: 'high', node: node.name } as const;
    await rig.manager.ingest.record([fault(owner, evicted)]);
    await rig.manager.ingest.record([fault(node, { reason: 'NodeNotReady', node: node.name })]);
    await rig.manager.incidents.settle();
    const [root] = await rows(node);
    expect(await rows(owner)).toMatchObject([{ merged_into: root?.id, state: 'stale', outcome: 'merged' }]);
    await rig.manager.ingest.record([fault(owner, { ...evicted, timestamp: at(3) })]);
    expect(await phases(owner)).toEqual(['opened', 'merged']);
    await step(node, { phase: 'resolved', outcome: 'verified', at: at(10) });
    await rig.manager.incidents.settle();
    expect(await rows(owner)).toMatchObject([
      { episode: 1, merged_into: root?.id, state: 'resolved', outcome: 'merged' },
      { episode: 2, merged_into: null, state: 'open', outcome: null, hits: 2 },
    ]);
    expect((await toldOf(owner)).map((told) => [told.phase, told.episode])).toEqual([
      ['opened', 1],
      ['merged', 1],
      ['opened', 2],
    ]);
  });

  it('never speaks of a workload whose node was known to be sick', async () => {
    const node = freshSubject('Node');
    const owner = freshSubject();
    await rig.manager.ingest.record([
      fault(owner, { reason: 'Evicted', node: node.name }),
      fault(node, { reason: 'NodeHasDiskPressure', node: node.name }),
    ]);
    await rig.manager.incidents.settle();
    await rig.manager.ingest.record([fault(owner, { signal: 'clear', timestamp: at(9) })]);
    await step(node, { phase: 'resolved', outcome: 'contained', at: at(10) });
    await rig.manager.incidents.settle();
    expect(await rows(owner)).toMatchObject([{ state: 'resolved', outcome: 'merged' }]);
    expect(await phases(owner)).toEqual([]);
  });

  it('tells of a node once, whatever it puts out: replicas, bare pods, and those that come before the node is known to be sick', async () => {
    const node = freshSubject('Node');
    const owners = [freshSubject(), freshSubject('StatefulSet'), freshSubject('Pod')];
    const put = (reason: string) => owners.map((owner) => fault(owner, { reason, severity: 'high', node: node.name }));
    await rig.manager.ingest.record(put('Evicted'));
    await rig.manager.ingest.record([fault(node, { reason: 'NodeHasDiskPressure', node: node.name })]);
    await rig.manager.ingest.record(put('ContainerStatusUnknown'));
    await rig.manager.incidents.settle();
    const [root] = await rows(node);
    for (const owner of owners)
      expect(await rows(owner)).toMatchObject([{ merged_into: root?.id, state: 'stale', outcome: 'merged' }]);
    expect(await phases(node)).toEqual(['opened']);
  });

  it('files an event with an absurd clock once, under our own time', async () => {
    const owner = freshSubject();
    const event = fault(owner, { timestamp: '0001-01-01T00:00:00Z', count: 2 ** 40 });
    await rig.manager.ingest.record([event]);
    clock.advance(1_000);
    expect(await rig.manager.ingest.record([event])).toBe(0);
    expect(await rows(owner)).toMatchObject([{ hits: 1, opened_at: at(-1).replace('.000Z', 'Z') }]);
  });

  it('forgets faint signals after an hour, and keeps incidents', async () => {
    const faint = freshSubject();
    await rig.manager.ingest.record([fault(faint, { severity: 'low' })]);
    expect(await rows(faint)).toHaveLength(1);
    clock.advance(3_601_000);
    await rig.manager.incidents.forgetFaint();
    expect(await rows(faint)).toEqual([]);
  });

  it('ends with its cluster when that is shut out, tells its runs, and opens anew when both are back', async () => {
    const [owner, elsewhere, late] = [freshSubject(), freshSubject(), freshSubject()];
    const gone = { cluster_id: 'gone-1' };
    await rig.manager.ingest.record([fault(owner, gone), fault(elsewhere)]);
    await step(owner, { phase: 'repairing' });
    const { enrolment } = rig.manager;
    const shutOut = () => withTransaction(rig.db, (tx) => enrolment.revoke(tx, gone.cluster_id, clock.now()));
    expect(await rig.manager.incidents.closeRevoked()).toBe(0);
    await shutOut();
    expect(await rig.manager.incidents.closeRevoked()).toBe(1);
    expect(await rows(owner)).toMatchObject([
      { state: 'resolved', outcome: 'cluster_revoked', closed_at: expect.any(String) },
    ]);
    expect(await phases(owner)).toEqual(['opened', 'cleared']);
    expect(await rows(elsewhere)).toMatchObject([{ state: 'open', closed_at: null }]);
    // What lay on the bus meanwhile.
    await rig.manager.ingest.record([fault(late, gone)]);
    expect(await rig.manager.incidents.closeRevoked()).toBe(1);
    expect(await rows(late)).toMatchObject([{ outcome: 'cluster_revoked' }]);
    // The run that was at work learns later that it is over, and changes nothing of why.
    await step(owner, { revision: 2, phase: 'resolved', outcome: 'cancelled' });
    expect(await rows(owner)).toMatchObject([{ state: 'resolved', outcome: 'cluster_revoked' }]);

    await withTransaction(rig.db, (tx) => enrolment.welcomeBack(tx, gone.cluster_id));
    await rig.manager.ingest.record([fault(owner, { ...gone, timestamp: at(60) })]);
    expect(await rig.manager.incidents.closeRevoked()).toBe(0);
    const [first] = await rows(owner);
    const shown = await rig.manager.view.detail(first?.id ?? '');
    expect(shown).toMatchObject({ state: 'open', episode: 2 });
    expect(shown?.episodes).toMatchObject([{ outcome: 'cluster_revoked' }, { outcome: null }]);
  });

  it('ends with its cluster however many there are', async () => {
    const gone = { cluster_id: 'gone-2' };
    await rig.manager.ingest.record(Array.from({ length: 230 }, () => fault(freshSubject(), gone)));
    await withTransaction(rig.db, (tx) => rig.manager.enrolment.revoke(tx, gone.cluster_id, clock.now()));
    expect(await rig.manager.incidents.closeRevoked()).toBe(230);
  });

  it('keeps each piece of evidence once', async () => {
    const bundle = aBundle({ cut: ['a piece of its own'] });
    await rig.manager.ingest.record([fault(freshSubject(), { bundle }), fault(freshSubject(), { bundle })]);
    expect(await rig.db.one(sql`select count(*) from bundle where body->'cut' = '["a piece of its own"]'`)).toEqual({
      count: 1,
    });
  });

  it('makes a partition for each day around now, also when two replicas do', async () => {
    await Promise.all([rig.manager.events.makeDays(clock.now()), rig.manager.events.makeDays(clock.now())]);
    expect(await rig.db.one(sql`select count(*) from pg_inherits where inhparent = 'event'::regclass`)).toEqual({
      count: 12,
    });
  });
});
