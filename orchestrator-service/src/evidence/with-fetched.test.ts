import { type Bundle, EvidenceRead, type JsonObject, MAX_BUNDLE_BYTES } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { type Fetched, fetchedOf, MAX_READ_BYTES, notFetched } from './fetched.ts';
import { withFetched } from './with-fetched.ts';

const BEFORE = '2026-01-02T03:04:00.000Z';
const AT = '2026-01-02T03:04:05.000Z';
const LATER = '2026-01-02T03:05:00.000Z';
const pod = { kind: 'Pod', namespace: 'shop', name: 'cart-1' };
const words = { what: 'w', command: 'kubectl' };
const logs = EvidenceRead.parse({
  ...{ action: 'logs', target: pod, ...words },
  parameters: { container: 'app', previous: true, tail_lines: 400 },
});
const reading = (action: 'get' | 'describe' | 'events') => EvidenceRead.parse({ action, target: pod, ...words });
const read = (what: EvidenceRead, output: JsonObject, at = LATER): Fetched => fetchedOf(what, { output, at });

const event = {
  ...{ type: 'Warning', reason: 'BackOff', message: 'back-off', component: 'kubelet', count: 7, last_timestamp: LATER },
};
const object = (phase: string) => ({ kind: 'Pod', metadata: { name: 'cart-1' }, status: { phase } });
const size = (bundle: Bundle): number => Buffer.byteLength(JSON.stringify(bundle));
const bare = (parts: Partial<Bundle> = {}) => aBundle({ at: AT, objects: [], events: [], logs: [], ...parts });

describe('fetchedOf', () => {
  it('makes citable evidence of what an agent read, in the form of the first evidence', () => {
    expect(read(logs, { lines: ['2026-01-02T03:04:01.123456Z no settings', 'plain'] }).logs).toEqual([
      {
        ...{ id: 'log:shop/cart-1/app/previous', namespace: 'shop', pod: 'cart-1', container: 'app', previous: true },
        lines: ['no settings', 'plain'],
      },
    ]);
    const described = read(reading('describe'), { object: object('Failed'), events: [event] });
    expect([described.objects[0]?.id, described.events[0]]).toEqual([
      'object:Pod/shop/cart-1',
      { ...event, ...pod, id: 'event:describe:Pod/shop/cart-1/0', first_timestamp: null },
    ]);
  });

  it.each<[string, EvidenceRead, JsonObject]>([
    ['an output without lines', logs, { previous: true }],
    [
      'another object than the one that was asked for',
      reading('get'),
      { object: { kind: 'Pod', metadata: { name: 'x' } } },
    ],
    ['an object past all bounds', reading('get'), { object: { ...object('x'), text: 'x'.repeat(MAX_READ_BYTES) } }],
    ['an output of no known form', reading('events'), { cut: 'too large', beginning: '{' }],
  ])('says that nothing is there for %s', (_, what, output) => {
    expect(read(what, output)).toEqual({
      read: what,
      at: LATER,
      reason: 'nothing_there',
      objects: [],
      events: [],
      logs: [],
    });
  });

  it('keeps a log that is empty: there was nothing to read, and it was read', () => {
    expect(read(logs, { lines: [] })).toMatchObject({ reason: null, logs: [{ previous: true, lines: [] }] });
  });

  it('keeps both ends of a long log', () => {
    const lines = Array.from({ length: 400 }, (_, line) => `${line} ${'x'.repeat(200)}`);
    const kept = read(logs, { lines }).logs[0]?.lines ?? [];
    expect([kept[0], kept.at(-1)]).toEqual([lines[0], lines.at(-1)]);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(MAX_READ_BYTES + 400);
  });
});

describe('withFetched', () => {
  it('leaves a bundle alone when nothing came', () => {
    const bundle = bare();
    expect(withFetched(bundle, [notFetched(logs, { reason: 'agent_offline', at: LATER })])).toBe(bundle);
  });

  it('takes the later view of an object and of an Event, and the longer log', () => {
    const short = {
      ...{ id: 'log:shop/cart-1/app/previous', namespace: 'shop', pod: 'cart-1' },
      container: 'app',
      previous: true,
    };
    const known = {
      objects: [{ id: 'object:Pod/shop/cart-1', ...pod, body: object('Running') }],
      logs: [{ ...short, lines: ['end'] }],
    };
    const again = { ...event, ...pod, id: 'e', first_timestamp: null, count: 2 };
    const bundle = bare({ ...known, events: [again] });
    const brought = (at: string) => [
      read(reading('describe'), { object: object('Failed'), events: [event] }, at),
      read(logs, { lines: ['start', 'end'] }, at),
    ];
    const seen = ({ at, objects, events, logs: told }: Bundle) => [
      ...[at, objects.length, objects[0]?.body, events.map(({ count }) => count), told.map(({ lines }) => lines)],
    ];
    expect(seen(withFetched(bundle, brought(LATER)))).toEqual([LATER, 1, object('Failed'), [7], [['start', 'end']]]);
    expect(seen(withFetched(bundle, brought(BEFORE)))).toEqual([AT, 1, object('Running'), [2], [['start', 'end']]]);
  });

  it('stays within the size of a bundle, whatever there was and came', () => {
    const body = { text: 'x'.repeat(8_000) };
    const full = bare({
      objects: Array.from({ length: 30 }, (_, index) => ({ id: `o${index}`, ...pod, name: `p${index}`, body })),
    });
    const lines = Array.from({ length: 400 }, () => 'x'.repeat(900));
    const reads = Array.from({ length: 8 }, (_, index) =>
      read({ ...logs, target: { ...pod, kind: 'Pod', name: `p${index}` } } as EvidenceRead, { lines }),
    );
    const merged = withFetched(full, reads);
    expect(size(merged)).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
    expect([merged.logs.length, merged.objects.length > 0, merged.cut.length > 0]).toEqual([8, true, true]);
  });
});
