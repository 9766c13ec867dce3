import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { openEvents } from './open-events.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();
const event = (reason: string, second: number, name = 'firmware-1') => ({
  ...{ id: `event:${reason}${second}`, type: 'Warning', reason, message: reason, component: 'kubelet', count: 1 },
  ...{ kind: 'Pod', namespace: 'devices', name, first_timestamp: at(second), last_timestamp: at(second) },
});
const open = (...events: ReturnType<typeof event>[]) =>
  openEvents(aBundle({ at: at(30), events }), () => undefined).map(({ reason }) => reason);

it('lets go of a volume that was late once the kubelet has got to the image', () => {
  expect(open(event('FailedMount', 1), event('ErrImageNeverPull', 4))).toEqual(['ErrImageNeverPull']);
  expect(open(event('FailedMount', 1), event('BackOff', 4))).toEqual(['BackOff']);
});

it('keeps one that came after, or is of another pod', () => {
  expect(open(event('BackOff', 1), event('FailedMount', 4))).toEqual(['BackOff', 'FailedMount']);
  expect(open(event('FailedMount', 1), event('BackOff', 4, 'other'))).toEqual(['FailedMount', 'BackOff']);
});

it('lets go of what a kubelet says at its start once its node is ready', () => {
  expect(open(event('InvalidDiskCapacity', 1), event('NodeReady', 4))).toEqual(['NodeReady']);
  expect(open(event('NodeReady', 1), event('InvalidDiskCapacity', 4))).toEqual(['NodeReady', 'InvalidDiskCapacity']);
});
