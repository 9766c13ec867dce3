import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceUser, servicePermissions, streams } from '@aetherius/shared/contracts';
import { AetheriusError } from '@aetherius/shared/errors';
import { consume, ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { eventually, natsCluster, needs, silentLogger, type TestNatsCluster } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createNatsAuth } from '../src/nats-auth.ts';

const PROGRESS = 'internal.run.progress';
const Numbered = z.object({ number: z.int() });

needs('nats')('a bus of three servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-bus-cluster-'));
  const open: Nats[] = [];
  let cluster: TestNatsCluster;
  let manager: Nats;
  let orchestrator: Nats;
  const leaderOf = async (stream: string) => {
    const { cluster: state } = await (await manager.manager()).streams.info(stream);
    if (state?.leader === undefined || state.leader === '') throw new Error(`${stream} has no leader`);
    return state.leader;
  };
  const copiesOf = async (stream: string) => {
    const { cluster: state } = await (await manager.manager()).streams.info(stream);
    return 1 + (state?.replicas ?? []).filter(({ current }) => current).length;
  };

  beforeAll(async () => {
    const auth = await createNatsAuth(join(folder, 'keys'));
    const { operator, systemAccount, accounts } = auth.trust;
    cluster = await natsCluster((own) =>
      [
        `operator: ${operator}`,
        `system_account: ${systemAccount}`,
        `resolver: { type: full, dir: "${own}-accounts", allow_delete: true, interval: "2m" }`,
        `resolver_preload: { ${Object.entries(accounts)
          .map(([id, jwt]) => `${id}: ${jwt}`)
          .join(', ')} }`,
      ].join('\n'),
    );
    const as = async (service: ServiceUser) => {
      const creds = await auth.creds(service, servicePermissions(service));
      const nats = await openNats({ url: cluster.url, creds, name: service }, silentLogger());
      open.push(nats);
      return nats;
    };
    [manager, orchestrator] = [await as('agent-manager'), await as('orchestrator-service')];
  }, 60_000);
  afterAll(async () => {
    for (const nats of open) await nats.stop();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has streams of one copy unless it is told otherwise', async () => {
    await ensureStreams(manager);
    for (const { name } of streams) expect(await copiesOf(name)).toBe(1);
  });

  it('raises the copies of streams that are there, and of their consumers', async () => {
    await ensureStreams(manager, { replicas: 3 });
    await eventually(
      async () => {
        for (const { name } of streams) expect(await copiesOf(name)).toBe(3);
      },
      { within: 60_000 },
    );
  }, 70_000);

  it('goes on without loss when the server that leads a stream is killed', async () => {
    const seen = new Set<number>();
    const reader = await consume({
      ...{ nats: manager, service: 'agent-manager', purpose: 'progress', stream: 'RUNS', log: silentLogger() },
      channel: { pattern: PROGRESS, body: Numbered },
      handle: async ({ body }) => void seen.add(body.number),
    });
    await eventually(
      async () => {
        const consumer = await (await manager.manager()).consumers.info('RUNS', 'agent-manager-progress');
        expect(consumer.cluster?.replicas).toHaveLength(2);
      },
      { within: 30_000 },
    );
    const leader = await eventually(() => leaderOf('RUNS'), { within: 30_000 });
    for (let number = 0; number < 200; number += 1) {
      if (number === 100) await cluster.kill(leader);
      // As an outbox does: again under the same id, until the stream has it.
      await eventually(() => orchestrator.publish(PROGRESS, { number }, { id: `number-${number}` }), {
        within: 30_000,
      });
    }
    await eventually(() => expect(seen.size).toBe(200), { within: 30_000 });
    await eventually(async () => expect(await leaderOf('RUNS')).not.toBe(leader), { within: 30_000 });
    await reader.stop();
    // A service that starts meanwhile finds its streams as they are to be.
    await ensureStreams(manager, { replicas: 3 });
    await cluster.restart(leader);
  }, 90_000);

  it('names the variable when the cluster cannot hold so many copies', async () => {
    const refusal = await ensureStreams(manager, { replicas: 5 }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AetheriusError);
    expect(refusal).toMatchObject({
      details: { BUS_REPLICAS: 5, way_out: expect.stringContaining('set BUS_REPLICAS to no more than') },
    });
  });

  it('says of a stream whose only copy is away that it has no leader', async () => {
    await eventually(() => ensureStreams(manager, { replicas: 1 }), { within: 30_000 });
    await eventually(async () => expect(await copiesOf('RUNS')).toBe(1), { within: 60_000 });
    const leader = await eventually(() => leaderOf('RUNS'), { within: 30_000 });
    await cluster.kill(leader);
    const said = await eventually(
      async () => {
        const error = await orchestrator.publish(PROGRESS, {}, { id: 'away' }).catch((cause: unknown) => cause);
        expect(error).toMatchObject({ retryable: true, details: { reason: expect.stringContaining('no leader') } });
        return String(error);
      },
      { within: 20_000 },
    );
    expect(said).not.toContain('not enabled');
    await expect(ensureStreams(manager)).rejects.toThrow('no leader');
  }, 90_000);
});
