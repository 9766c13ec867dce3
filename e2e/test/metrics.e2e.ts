import { Diagnosis, type MetricCauses } from '@aetherius/shared/contracts';
import { aBundle, eventually } from '@aetherius/shared/testing';
import { startPrometheus, type Traffic } from '@aetherius/simulator';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { withFleet } from '../src/test-fleet.ts';

const id = 'metrics-1';
const MINUTE = 60_000;
const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };

/** checkout calls cart, and cart answers late for the last eight minutes. */
const slowCart = (began: number): Traffic => ({
  entry: 'shop/checkout',
  perSecond: 30,
  calls: [{ caller: 'shop/checkout', callee: 'shop/cart', share: 1 }],
  takes: (workload, time) => {
    const usual = 20 * (1 + 0.04 * Math.sin(time / 97_000));
    return workload === 'shop/cart' && time >= began ? usual + 400 : usual;
  },
});

it('explains the caller of a slow callee by the metrics that the agent sampled', async () => {
  const prometheus = await startPrometheus(slowCart(Date.now() - 8 * MINUTE));
  try {
    await withFleet(async ({ fleet, cluster }) => {
      const env = { KUBE_SERVER: cluster.url, LEADER: 'lease', PROMETHEUS_URL: prometheus.url };
      await fleet.attach({ id, name: 'With metrics', env });
      const asked = async (): Promise<MetricCauses | null | undefined> => {
        const bundle = aBundle({ cluster: id, at: new Date().toISOString(), subject });
        const answer = await fetch(`${fleet.urls['reasoning-service']}/api/v1/analyze/root-cause`, {
          method: 'POST',
          headers: { authorization: `Bearer ${await fleet.api.token()}`, 'content-type': 'application/json' },
          body: JSON.stringify({ context: { bundle } }),
        });
        return z.object({ result: Diagnosis }).parse(await answer.json()).result.metric_causes;
      };
      await eventually(async () => expect(await asked()).toMatchObject({ status: 'answered' }), { within: 60_000 });

      cluster.faults.find(({ name }) => name === 'crash_loop_app_error')?.inject();
      await eventually(
        async () => {
          const incident = (await fleet.api.incidents()).find((one) => one.subject.name === subject.name);
          const causes = incident?.diagnosis?.metric_causes;
          expect(causes).toMatchObject({ status: 'answered', target: { entity: 'shop/checkout' } });
          expect(causes?.ranked[0]).toMatchObject({ subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' } });
          expect(causes?.ranked[0]?.evidence[0]?.quote).toContain('latency');
        },
        { within: 90_000 },
      );
    });
  } finally {
    await prometheus.stop();
  }
}, 300_000);
