import { attachSimulated } from '@aetherius/local';
import { agentPermissions, agentSubject, type MetricsBatch, type Subject } from '@aetherius/shared/contracts';
import { type Nats, openNats } from '@aetherius/shared/nats';
import { eventually, silentLogger } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { withFleet } from '../src/test-fleet.ts';

const MINUTE = 60_000;
const data: Subject = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };

const made = [
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    { metadata: { name: 'fast' }, provisioner: 'csi', allowVolumeExpansion: true },
  ],
  [
    '/api/v1/namespaces/shop/persistentvolumeclaims',
    {
      metadata: { name: 'data', namespace: 'shop' },
      spec: {
        storageClassName: 'fast',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '10Gi' } },
      },
    },
  ],
] as const;

/** Samples as an agent sends them, a minute apart, from so many minutes ago up to so many. */
async function sample(nats: Nats, cluster: string, given: { from: number; to: number; at: (ago: number) => number }) {
  const now = Date.now();
  const rows = Array.from({ length: given.from - given.to }, (_, row): [string, number] => {
    const ago = given.from - row;
    return [new Date(now - ago * MINUTE).toISOString(), given.at(ago) + 0.003 * Math.sin(ago / 3)];
  });
  for (let row = 0; row < rows.length; row += 20) {
    const points = rows.slice(row, row + 20);
    const body: MetricsBatch = {
      ...{ cluster_id: cluster, source: 'prometheus', at: new Date(now).toISOString(), step_seconds: 60 },
      series: [{ series: { name: 'volume_used_ratio', labels: {} }, subject: data, points }],
      ...{ gone: [], left_out: 0 },
    };
    await nats.publish(agentSubject(cluster, 'metrics'), body, { id: `${now}:${row}` });
  }
}

type Started = Parameters<Parameters<typeof withFleet>[0]>[0];

/** The claim and its class in the cluster, an agent there, and a way to send samples as it does. */
async function prepared({ fleet, cluster, signal }: Started): Promise<{ id: string; nats: Nats }> {
  for (const [path, object] of made) {
    const answer = await fetch(`${cluster.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(object),
    });
    expect(answer.status).toBe(201);
  }
  await attachSimulated({ fleet, cluster, allowChanges: true, signal });
  const [id = ''] = (await fleet.api.clusters()).map((one) => one.id);
  const creds = await fleet.backing.nats.creds('samples', agentPermissions(id));
  const bus = { url: fleet.backing.nats.url, name: id, ...(creds === undefined ? {} : { creds }) };
  return { id, nats: await openNats(bus, silentLogger()) };
}

/** What is foretold of the claim within the four hours that a sweep looks ahead. */
async function predicted({ fleet }: Started, cluster_id: string): Promise<unknown> {
  const answer = await fetch(`${fleet.urls['reasoning-service']}/api/v1/analyze/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await fleet.api.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ cluster_id, object: data, time_window: '4h' }),
  });
  return answer.json();
}

const foretold = {
  ...{ subject: data, severity: 'high', reasons: ['LimitForecast'], state: 'escalated', action: null },
  diagnosis: {
    ...{ status: 'answered', category: 'disk_full', subject: data },
    root_cause: { description: expect.stringContaining('will be full') },
    foreseen: { probability: expect.any(Number), reached_at: expect.any(String) },
    recommendations: [{ action: 'resize_claim', target: data, parameters: { storage: '15Gi' } }],
  },
};

it(
  'opens an incident for a claim that will be full within hours, says when and what helps, and closes it when it was cleaned up',
  () =>
    withFleet(async (started) => {
      const { fleet } = started;
      const { id, nats } = await prepared(started);
      const incident = async () => (await fleet.api.incidents()).find(({ subject }) => subject.name === data.name);
      try {
        // Full an hour and a half after the last of these.
        await sample(nats, id, { from: 180, to: 40, at: (ago) => 0.7 - 0.0033 * (ago - 40) });
        await eventually(async () => expect(await predicted(started, id)).toMatchObject({ failure_types: ['claim'] }), {
          within: 30_000,
        });
        expect(await incident()).toBeUndefined();
        // It forecasts when it starts, and every ten minutes.
        await fleet.restart('reasoning-service');
        await eventually(async () => expect(await incident()).toMatchObject(foretold), { within: 120_000 });
        const { confidence, foreseen } = (await incident())?.diagnosis ?? {};
        expect(confidence).toBeLessThanOrEqual(foreseen?.probability ?? 0);

        await sample(nats, id, { from: 39, to: 0, at: () => 0.2 });
        await eventually(async () => expect(await predicted(started, id)).toMatchObject({ failure_types: [] }), {
          within: 30_000,
        });
        await fleet.restart('reasoning-service');
        await eventually(
          async () => expect(await incident()).toMatchObject({ state: 'resolved', outcome: 'cleared', action: null }),
          { within: 90_000 },
        );
      } finally {
        await nats.stop();
      }
    }),
  300_000,
);
