import { expect, it } from '@jest/globals';
import type { KubeEvent } from '../kube/objects.ts';
import { createEventHistory } from './event-history.ts';

const event = (number: number): KubeEvent => ({
  kind: 'Event',
  metadata: { name: `event-${number}`, namespace: 'shop', uid: `uid-${number}` },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: `pod-${number}`, uid: `pod-${number}` },
});

it('lets each of more Events than it keeps be read once, and forgets the oldest afterwards', () => {
  const history = createEventHistory();
  const all = Array.from({ length: 12_000 }, (_, number) => event(number));
  for (const one of all) history.put(one);
  expect(all.filter(({ metadata }) => history.read(metadata.uid) === undefined)).toEqual([]);
  expect(history.read('uid-0')).toBeUndefined();
  expect(history.read('uid-11999')).toEqual(all.at(-1));
  expect(history.of('pod-0')).toEqual([]);
  expect(history.of('pod-11999')).toEqual([all.at(-1)]);
});
