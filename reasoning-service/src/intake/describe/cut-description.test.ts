import { describe, expect, it } from '@jest/globals';
import { readDescribe } from './describe.ts';

const origin = { file: 'd.txt', at: '2026-01-02T03:04:05.000Z', command: undefined };

describe('a description of which somebody cut most', () => {
  it('is of a Job where the statuses of its pods are left, which no other kind has', () => {
    const part = 'Name:  backup\nNamespace:  ops\nPods Statuses:  0 Active (0 Ready) / 1 Succeeded / 1 Failed\n';
    expect(readDescribe(part, origin).objects).toMatchObject([
      { kind: 'Job', name: 'backup', body: { status: { succeeded: 1, failed: 1 } } },
    ]);
  });

  it('is of a pod where its state and its owner are left', () => {
    const text =
      'Name:  owl-2\nNamespace:  moor\nStatus:  Pending\nControlled By:  StatefulSet/owl\nEvents:\n  Type     Reason            Age   From               Message\n  ----     ------            ----  ----               -------\n  Warning  FailedScheduling  3m    default-scheduler  0/3 nodes are available: 3 Insufficient cpu.\n';
    const { objects, events, unread } = readDescribe(text, origin);
    expect(objects).toMatchObject([
      { kind: 'Pod', name: 'owl-2', body: { metadata: { ownerReferences: [{ kind: 'StatefulSet', name: 'owl' }] } } },
    ]);
    expect(events).toMatchObject([{ kind: 'Pod', name: 'owl-2', reason: 'FailedScheduling' }]);
    expect(unread).toEqual([]);
  });
});
