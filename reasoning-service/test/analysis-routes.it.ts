import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundle, learningRig } from './learning-rig.ts';

type Rig = Awaited<ReturnType<typeof learningRig>>;

needs('postgres', 'nats')('analysis over REST', () => {
  let at: Rig;
  beforeAll(async () => {
    at = await learningRig();
  }, 60_000);
  afterAll(async () => at.stop(), 30_000);

  it.each(['root-cause', 'report', 'recommend'])('repeats no secret of the bundle: %s', async (what) => {
    const [pod] = bundle.objects;
    if (pod === undefined) throw new Error('the bundle has no pod');
    const env = [{ name: 'DB_PASSWORD', value: 'Zq7leak1&8' }];
    const terminated = { reason: 'Error', exitCode: 1, message: 'FATAL login was refused, tried Zq7leak1&8' };
    const status = { name: 'app', restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const body = {
      ...pod.body,
      spec: { containers: [{ name: 'app', env }] },
      status: { containerStatuses: [{ ...status, lastState: { terminated } }] },
    };
    const context = { bundle: { ...bundle, objects: [{ ...pod, body }] } };
    const answer = await at.ask('POST', `/analyze/${what}`, { context });
    const shown = JSON.stringify(answer.body);
    expect(answer.status).toBe(200);
    expect(shown).not.toContain('Zq7leak1');
    expect(shown).toContain(what === 'recommend' ? 'root_cause' : 'tried [redacted]');
  });
});
