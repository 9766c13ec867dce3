import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createObjectStore } from '../store/object-store.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createObjects, type Objects } from './objects.ts';

const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u1' };
const notice = { about, type: 'Warning' as const, reason: 'Failed', message: 'no' };

let objects: Objects;
let recorder: ReturnType<typeof createEventRecorder>;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
  const clock = { now: () => new Date() };
  let lastId = 0;
  objects = createObjects(createObjectStore({ clock, newId: () => `id-${++lastId}` }));
  recorder = createEventRecorder({ objects, clock, speed: 1 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('events of the kubelet and the controllers', () => {
  it('are written once and counted up in place', () => {
    recorder.record({ component: 'kubelet', host: 'one' }, notice);
    jest.advanceTimersByTime(5000);
    recorder.record({ component: 'kubelet', host: 'one' }, notice);
    expect(objects.list('Event', 'shop')).toMatchObject([
      {
        count: 2,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:05Z',
        source: { component: 'kubelet', host: 'one' },
        reportingComponent: 'kubelet',
        reportingInstance: 'one',
        eventTime: null,
      },
    ]);
  });

  it('with ever new messages are combined from the tenth on', () => {
    for (let index = 1; index <= 12; index += 1)
      recorder.record({ component: 'x' }, { ...notice, message: `no ${index}` });
    const written = objects.list('Event', 'shop');
    expect(written).toHaveLength(10);
    expect(written.at(-1)).toMatchObject({ count: 3, message: '(combined from similar events): no 12' });
  });

  it('never share a name, however many are written at once', () => {
    for (let index = 0; index < 3000; index += 1) recorder.record({ component: `c${index}` }, notice);
    expect(objects.list('Event', 'shop')).toHaveLength(3000);
  });

  it('are written anew when the old one is gone', () => {
    recorder.record({ component: 'x' }, notice);
    for (const event of objects.list('Event')) objects.remove(event);
    recorder.record({ component: 'x' }, notice);
    expect(objects.list('Event')).toMatchObject([{ count: 1 }]);
  });
});

it('events of the scheduler have no source and no count, and become a series', () => {
  const from = { component: 'default-scheduler', action: 'Scheduling' };
  recorder.recordSeries(from, notice);
  const [first] = objects.list('Event', 'shop');
  expect(first).toMatchObject({
    source: {},
    reportingComponent: 'default-scheduler',
    eventTime: '2026-01-01T00:00:00.000000Z',
    firstTimestamp: null,
    lastTimestamp: null,
  });
  expect(first).not.toHaveProperty('count');
  expect(first).not.toHaveProperty('series');
  jest.advanceTimersByTime(1000);
  recorder.recordSeries(from, notice);
  expect(objects.list('Event', 'shop')).toMatchObject([
    { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } },
  ]);
});
