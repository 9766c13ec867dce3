import { anEvent, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rig as startRig } from './rig.ts';

const message = (labels: Record<string, string> = {}, status = 'firing', fingerprint = 'f00d') => ({
  version: '4',
  receiver: 'aetherius',
  alerts: [
    {
      status,
      labels: { alertname: 'HighLatency', severity: 'critical', namespace: 'shop', deployment: 'cart', ...labels },
      annotations: { summary: 'slow' },
      startsAt: new Date(Date.now() - 60_000).toISOString().replace(/\d\dZ$/, '00Z'),
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
      fingerprint,
    },
  ],
});

needs('postgres', 'nats')('alerts', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    rig = await startRig();
    await rig.manager.ingest.record([anEvent({ cluster_id: 'eu-1' })]);
    const admin = await rig.tokenFor('admin');
    for (const role of ['responder', 'viewer']) {
      const body = { name: role, roles: [role], expires_at: null };
      secrets[role] = String((await rig.call('POST', '/api/v1/access/tokens', { token: admin, body })).body['token']);
    }
  });
  afterAll(() => rig.stop());

  const post = (role: string, body: object, cluster = 'eu-1') =>
    rig.call('POST', `/api/v1/clusters/${cluster}/alerts`, { token: secrets[role] ?? '', body });

  it('become events of what they are about, each once; they feed an incident that is open and open none', async () => {
    const told = message();
    expect(await post('responder', told)).toMatchObject({ status: 200, body: { taken: 1 } });
    expect(await post('responder', told)).toMatchObject({ status: 200, body: { taken: 0 } });
    const viewer = await rig.tokenFor('viewer');
    const { body } = await rig.call('GET', '/api/v1/events?type=alert', { token: viewer });
    expect(body['items']).toMatchObject([
      { reason: 'HighLatency', fingerprint: 'eu-1/shop/Deployment/cart', severity: 'medium', source: 'alertmanager' },
    ]);
    expect(await post('responder', message({ deployment: 'front' }, 'firing', 'beef'))).toMatchObject({
      body: { taken: 1 },
    });
    const incidents = await rig.call('GET', '/api/v1/incidents?namespace=shop', { token: viewer });
    expect(incidents.body['items']).toMatchObject([
      { subject: { kind: 'Deployment', name: 'cart' }, reasons: ['CrashLoopBackOff', 'HighLatency'] },
    ]);
  });

  it('are refused from whoever may not tell them, and of a cluster that nobody knows', async () => {
    expect((await post('nobody', message())).status).toBe(401);
    expect((await post('viewer', message())).status).toBe(403);
    expect((await post('responder', message(), 'elsewhere')).status).toBe(404);
    expect(await post('responder', { version: '4', alerts: [{}] })).toMatchObject({ status: 400 });
  });

  it('are counted by whether they were understood and stored', async () => {
    const page = await (await fetch(`${rig.url}/metrics`)).text();
    const figure = (name: string, labels: string) =>
      Number(new RegExp(`^${name}\\{[^}]*${labels}[^}]*\\} (\\d+)`, 'm').exec(page)?.[1]);
    expect(figure('aegis_alert_api_parse_success_total', 'source="alertmanager"')).toBe(3);
    expect(figure('aegis_alert_api_parse_failure_total', 'reason="invalid"')).toBe(1);
    expect(figure('aegis_alert_api_parse_failure_total', 'reason="too_large"')).toBe(0);
    expect(figure('aegis_alert_create_success_total', '')).toBe(2);
    expect(figure('aegis_alert_create_failure_total', '')).toBe(0);
  });
});
