import { describe, expect, it } from '@jest/globals';
import type { KubeEvent } from '../kube/objects.ts';
import { createEventHistory } from './event-history.ts';

const about = (object: string, uid: string): KubeEvent =>
  ({
    kind: 'Event',
    metadata: { name: uid, uid },
    involvedObject: { kind: 'Pod', name: object, uid: object },
  }) as KubeEvent;

describe('the history of Events', () => {
  it('keeps the latest of each object, one that repeats once', () => {
    const history = createEventHistory();
    for (let at = 0; at < 30; at += 1) history.put(about('a', `e${at}`));
    history.put(about('a', 'e12'));
    const uids = history.of('a').map(({ metadata }) => metadata.uid);
    expect([uids.length, uids[0], uids.at(-1)]).toEqual([20, 'e10', 'e12']);
  });

  it('holds so many over all objects, and forgets the one first that was quiet longest', () => {
    const history = createEventHistory();
    history.put(about('quiet', 'first'));
    for (let at = 0; at < 4_999; at += 1) history.put(about(`o${at}`, `e${at}`));
    expect(history.of('quiet')).toHaveLength(1);
    history.put(about('one-more', 'last'));
    expect([history.of('quiet').length, history.of('o0').length, history.of('one-more').length]).toEqual([0, 1, 1]);
  });
});
