import { describe, expect, it } from '@jest/globals';
import { type Measured, planFleet } from './sizing-plan.ts';

const measured: Measured = {
  cpuMsPer1000Events: {
    'agent-manager': 200,
    'orchestrator-service': 100,
    'reasoning-service': 100,
    nats: 400,
    postgres: 500,
  },
  rssMib: { 'agent-manager': 300, 'orchestrator-service': 100, 'reasoning-service': 200, nats: 400, postgres: 250 },
  cpuMsPer1000Requests: { 'agent-manager': 4_000, postgres: 5_000 },
  mibPerMillionEvents: 1_000,
  drainPerSecond: 2_000,
  agent: { pods: 10_000, rssMib: 185 },
};
const small = { clusters: 1, nodes: 3, pods: 100, eventsPerMinute: 12 };

describe('planFleet', () => {
  it('gives a small fleet one of each, and the least of a core', () => {
    const { services, nats, postgres, agentMib, beyond } = planFleet(small, measured, 30);
    // One event a second at the peak, and ten requests: (0.0002 + 0.04) / 0.5 of a core.
    expect(services['agent-manager']).toEqual({ replicas: 1, cpu: 0.1, memoryMib: 512 });
    expect(nats).toMatchObject({ replicas: 1, cpu: 0.1 });
    expect([postgres.diskGib, agentMib, beyond]).toEqual([1, 320, false]);
  });

  it('has as many replicas as there are cores of work, and disk for what is kept', () => {
    const { services, nats, postgres, beyond } = planFleet(
      { clusters: 1_000, nodes: 1, pods: 1_000, eventsPerMinute: 60_000 },
      measured,
      30,
    );
    // 5,000 events a second: (1.0 + 0.04) / 0.5 = 2.08 cores.
    expect(services['agent-manager']).toEqual({ replicas: 3, cpu: expect.closeTo(0.7), memoryMib: 512 });
    expect(services['reasoning-service']).toMatchObject({ replicas: 2, cpu: expect.closeTo(0.5) });
    expect(nats).toMatchObject({ replicas: 3, cpu: expect.closeTo(4) });
    // 60,000 × 1,440 × 30 events of a million for 1,000 MiB, and half as much again.
    expect(postgres).toMatchObject({ cpu: expect.closeTo(5.1), diskGib: Math.ceil((2_592_000 * 1.5) / 1_024) });
    expect(beyond).toBe(true);
  });

  it('never has less for more events, and doubles what may be lost from ten clusters on', () => {
    const at = (eventsPerMinute: number) => planFleet({ ...small, clusters: 10, eventsPerMinute }, measured, 30);
    const steps = [1, 100, 1_000, 10_000, 100_000].map(at);
    for (const [index, plan] of steps.entries()) {
      const former = steps[index - 1] ?? plan;
      const { replicas, cpu } = plan.services['agent-manager'];
      expect(replicas * cpu).toBeGreaterThanOrEqual(
        former.services['agent-manager'].replicas * former.services['agent-manager'].cpu - 0.1 * replicas,
      );
      expect(plan.postgres.diskGib).toBeGreaterThanOrEqual(former.postgres.diskGib);
      expect([replicas >= 2, plan.nats.replicas]).toEqual([true, 3]);
    }
  });

  it('says nothing of an agent with more pods than were measured', () => {
    expect(planFleet({ ...small, pods: 10_001 }, measured, 30).agentMib).toBeUndefined();
  });
});
