import { attachSimulated } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { withFleet } from '../src/test-fleet.ts';

it(
  'explains a fault and leaves the cluster alone where changes are not allowed',
  () =>
    withFleet(async ({ fleet, cluster, signal }) => {
      await attachSimulated({ fleet, cluster, allowChanges: false, signal });
      const fault = cluster.faults.find(({ name }) => name === 'oom_killed');
      const specNow = () => cluster.read('Deployment', 'shop', 'image-resizer')?.['spec'];
      fault?.inject();
      const broken = structuredClone(specNow());
      expect(broken).toBeDefined();
      await eventually(
        async () =>
          expect(await fleet.api.incidents()).toMatchObject([
            { subject: fault?.expected.subject, state: 'escalated', diagnosis: { category: 'oom_killed' } },
          ]),
        { within: 90_000 },
      );
      expect(specNow()).toEqual(broken);
    }),
  120_000,
);
