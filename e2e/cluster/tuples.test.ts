import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mask, states, tuples } from './tuples.ts';

describe('mask', () => {
  it.each([
    ['Created pod: checkout-7c9d8f6b5-x2k4z', 'Created pod: checkout-<generated>'],
    [
      'back-off 1m20s restarting failed container=api pod=api-6d4cf56db6-qq2nw_shop(a80274a3-3267-419c-8c66-e0aaf21dc0b0)',
      'back-off # restarting failed container=api pod=api-<generated>_shop(<uid>)',
    ],
    ['Get "http://10.244.0.9:8080/ready": dial tcp 10.244.0.9:8080', 'Get "http://#:#/ready": dial tcp #:#'],
    ['pulled in 165ms. Image size: 2130515 bytes.', 'pulled in #. Image size: # bytes.'],
    ['Node worker-4 status is now: NodeNotReady', 'Node <node> status is now: NodeNotReady'],
    [
      'storageclass.storage.k8s.io "fast-replicated" not found',
      'storageclass.storage.k8s.io "fast-replicated" not found',
    ],
    ['requested: requests.cpu=300m, limited: requests.cpu=1', 'requested: requests.cpu=#, limited: requests.cpu=#'],
  ])('%s', (message, masked) => {
    expect(mask(message)).toBe(masked);
  });

  it("puts the scheduler's reasons in one order, whatever their numbers", () => {
    const one = mask(
      '0/6 nodes are available: 1 Insufficient cpu, 5 node(s) had untolerated taint(s). preemption: none',
    );
    const other = mask(
      '0/5 nodes are available: 2 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: none',
    );
    expect(one).toBe(other);
  });

  it('leaves a masked message as it is', () => {
    fc.assert(fc.property(fc.string(), (message) => mask(mask(message)) === mask(message)));
  });
});

describe('tuples', () => {
  const event = { type: 'Warning', reason: 'BackOff', involvedObject: { kind: 'Pod' } };

  it('says a thing once, however often it was said', () => {
    const said = [1, 2].map((number) => ({ ...event, message: `restart ${number}`, source: { component: 'kubelet' } }));
    expect(tuples(said)).toEqual(['BackOff | Warning | kubelet | Pod | restart #']);
  });

  it('finds the writer also where only the newer field names it', () => {
    expect(tuples([{ ...event, message: '', source: {}, reportingComponent: 'default-scheduler' }])).toEqual([
      'BackOff | Warning | default-scheduler | Pod | -',
    ]);
  });
});

describe('states', () => {
  it('tells phases, conditions and what containers wait for', () => {
    const pod = {
      kind: 'Pod',
      metadata: { name: 'a' },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
        containerStatuses: [
          {
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      },
    };
    expect(states([pod])).toEqual([
      'Container | lastState.terminated | OOMKilled | 137',
      'Container | state.waiting | CrashLoopBackOff | back-off #',
      'Pod | Ready=False | ContainersNotReady | -',
      'Pod | phase | Running | -',
    ]);
  });
});
