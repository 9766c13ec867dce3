import { join } from 'node:path';
import { backUp, type Fleet, openHome, restore, type SimulatedCluster, withDatabase } from '@aetherius/local';
import { openPool, sql } from '@aetherius/shared/postgres';
import { sleep } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { executions, notOnce, problemsNow, unfinished } from '../src/fleet-checks.ts';
import { onFleet, repairable, withCluster, withHome } from '../src/test-fleet.ts';

/** The same cluster for both fleets, as it is when only the database was lost. */
const attach = ({ attach: put }: Fleet, { url }: SimulatedCluster) =>
  put({ id: 'eu-1', name: 'eu-1', env: { KUBE_SERVER: url, ALLOW_CHANGES: 'true', LEADER: 'lease' } });

/** Takes a backup while repairs are observed, and ends the fleet without letting them finish. */
const untilTheMiddle = (home: string, { cluster, out }: { cluster: SimulatedCluster; out: string }): Promise<void> =>
  onFleet(home, async ({ fleet }) => {
    const agent = await attach(fleet, cluster);
    // A roll back goes only to a revision that was seen healthy for a while.
    await sleep(6_000);
    for (const fault of cluster.faults) fault.inject();
    await eventually(
      async () => {
        const states = (await fleet.api.incidents()).map(({ state }) => state);
        expect(states).toContain('verifying');
      },
      { within: 90_000 },
    );
    await backUp({ home: openHome(home), env: process.env, out });
    await agent.detach();
  });

/** The time that the lost agent had for its observations is over by the time the services are back. */
const timePasses = (home: string): Promise<void> =>
  withDatabase({ home: openHome(home), env: process.env }, async (url) => {
    const db = await openPool({ url, schema: 'orchestrator_service', max: 1 });
    await db.run(sql`update step set deadline = now() where status = 'started'`);
    await db.run(sql`update run set wake_at = now() where status = 'waiting'`);
    await db.stop();
  });

it(
  'goes on in an empty database where a backup was taken in the middle of repairs, and does nothing twice',
  () =>
    withHome((before) =>
      withHome((after) =>
        withCluster(async (all) => {
          const cluster = repairable(all, 2);
          const out = join(before, 'all.dump');
          await untilTheMiddle(before, { cluster, out });
          await restore({ home: openHome(after), env: process.env, from: out });
          await timePasses(after);
          await onFleet(after, async ({ fleet }) => {
            expect(unfinished(await executions(fleet))).not.toEqual([]);
            await attach(fleet, cluster);
            await eventually(async () => expect(await problemsNow(fleet, cluster)).toEqual([]), { within: 150_000 });
            expect(unfinished(await executions(fleet))).toEqual([]);
            expect(notOnce(cluster)).toEqual([]);
          });
        }),
      ),
    ),
  420_000,
);
