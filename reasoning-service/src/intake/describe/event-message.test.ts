import { describe, expect, it } from '@jest/globals';
import { readDescribe } from './describe.ts';

const origin = { file: 'd.txt', at: '2026-01-02T03:04:05.000Z', command: undefined };
const pod = 'Name:  cart-0\nNamespace:  shop\nStatus:  Pending\nContainers:\n  cart:\n    Image:  cart:2\n';

describe('events whose message goes on below', () => {
  const row = '  Warning  FailedMount  30s (x12 over 9m)  kubelet  mount failed: exit status 32';
  const told = (tail: string) =>
    readDescribe(`${pod}Events:\n  Type  Reason  Age  From  Message\n  ----  ------\n${tail}`, origin);

  it('keeps all of it, and what follows it', () => {
    const below = 'Mounting command: mount\nOutput: mount.nfs: access denied by server';
    const { events, objects } = told(`${row}\n${below}\n\n${row}\n`);
    expect(events.map(({ message }) => message)).toEqual([
      'mount failed: exit status 32 Mounting command: mount Output: mount.nfs: access denied by server',
      'mount failed: exit status 32',
    ]);
    expect(objects).toHaveLength(1);
  });

  it('ends with a blank line', () => {
    expect(told(`${row}\n\nThat is all I know.\n`).events.map(({ message }) => message)).toEqual([
      'mount failed: exit status 32',
    ]);
  });
});
