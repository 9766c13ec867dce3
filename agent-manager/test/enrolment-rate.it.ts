import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rig as startRig } from './rig.ts';

needs('postgres', 'nats')('the door for agents', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  beforeAll(async () => {
    // Time stands still, so that nobody is given a second chance while the test is slow.
    rig = await startRig({ clock: { now: () => new Date(), monotonic: () => 0 } });
  });
  afterAll(() => rig.stop());

  it('counts requests that do not even fit, and bodies that are none', async () => {
    const statuses = new Map<number, number>();
    for (let round = 0; round < 15; round += 1) {
      const bodies = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? {} : 'no JSON'));
      const answers = await Promise.all(bodies.map((body) => rig.call('POST', '/api/v1/enroll', { body })));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [400, 200],
      [429, 100],
    ]);
    expect(await rig.metrics.getSingleMetricAsString('aetherius_manager_enrolments_total')).toMatch(
      /outcome="too_many"[^}]*\} 100$/m,
    );
    const viewer = await rig.tokenFor('viewer');
    expect(await rig.call('GET', '/api/v1/incidents', { token: viewer })).toMatchObject({ status: 200 });
  });
});
