import { type SimulatedCluster, startSimulatedCluster } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../src/remote-clusters.ts';
import { withHome } from '../src/test-fleet.ts';

const events = async (plane: ControlPlane, cluster: string): Promise<{ id: string }[]> =>
  (await plane.call('GET', `/events?cluster_id=${cluster}&limit=500`)).body['items'] as { id: string }[];

const clusters = async (plane: ControlPlane) => {
  const items = (await plane.call('GET', '/clusters')).body['items'] as Record<string, unknown>[];
  return Object.fromEntries(items.map((cluster) => [cluster['id'], cluster]));
};

const break_ = (cluster: SimulatedCluster, fault: string) =>
  cluster.faults.find(({ name }) => name === fault)?.inject();

async function reported(plane: ControlPlane, cluster: string, more: () => void): Promise<void> {
  const before = (await events(plane, cluster)).length;
  more();
  await eventually(async () => expect((await events(plane, cluster)).length).toBeGreaterThan(before), {
    within: 30_000,
  });
}

it(
  'serves two clusters over TLS, renews both, cuts one off within seconds and keeps the other',
  () =>
    withHome(async (folder) => {
      const [east, west] = [await startSimulatedCluster(), await startSimulatedCluster()];
      const plane = await startControlPlane(folder);
      try {
        const invited = async (cluster: string, { url }: SimulatedCluster) => {
          const { status, body } = await plane.call('POST', '/clusters', { cluster_id: cluster });
          expect(status).toBe(201);
          return plane.agent(cluster, { KUBE_SERVER: url, ENROL_TOKEN: String(body['token']) });
        };
        const [eastAgent] = [await invited('east', east), await invited('west', west)];
        await eventually(
          async () =>
            expect(await clusters(plane)).toMatchObject({
              east: { agent_status: 'online', agents: 1 },
              west: { agent_status: 'online', agents: 1 },
            }),
          { within: 60_000 },
        );
        await reported(plane, 'east', () => break_(east, 'oom_killed'));
        await reported(plane, 'west', () => break_(west, 'oom_killed'));

        // Longer than the first credentials live: whoever is still there has renewed them.
        await sleep(35_000);
        expect(await plane.metric('aetherius_manager_enrolments_total')).toContainEqual(
          expect.stringMatching(/outcome="renewal".* [2-9]$/),
        );
        await reported(plane, 'east', () => break_(east, 'crash_loop_app_error'));

        const begun = performance.now();
        expect((await plane.call('DELETE', '/clusters/east')).body).toMatchObject({ keys: 1, cut_off: true });
        await eventually(async () => expect(await eastAgent.health()).toMatchObject({ nats: 'not connected' }));
        console.log(JSON.stringify({ cut_off_after_ms: Math.round(performance.now() - begun) }));
        await eventually(async () => expect((await eastAgent.health())['enrolment']).toContain('shut out'));
        const before = await events(plane, 'east');
        break_(east, 'image_pull_failure');
        await reported(plane, 'west', () => break_(west, 'image_pull_failure'));
        expect(await events(plane, 'east')).toEqual(before);
        expect(await clusters(plane)).toMatchObject({
          east: { revoked_at: expect.any(String) },
          west: { revoked_at: null },
        });

        // Another agent of the same cluster with a new token: back, and with what it sees now.
        await invited('east', east);
        await eventually(async () => expect((await events(plane, 'east')).length).toBeGreaterThan(before.length), {
          within: 60_000,
        });
      } finally {
        await plane.stop();
        await east.stop();
        await west.stop();
      }
    }),
  240_000,
);
