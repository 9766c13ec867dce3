import { Event } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { acceptedEvent } from '../ingest/accepted-event.ts';
import { alertEvent } from './alert-event.ts';
import { Alert, AlertMessage } from './alert-message.ts';

const now = new Date('2026-03-01T10:00:00Z');
const alert = (labels: Record<string, string>, more: object = {}): Alert =>
  Alert.parse({
    status: 'firing',
    labels: { alertname: 'KubeDeploymentReplicasMismatch', severity: 'critical', ...labels },
    annotations: { summary: 'replicas are missing' },
    startsAt: '2026-03-01T09:55:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: 'f00d',
    ...more,
  });
const eventOf = (labels: Record<string, string>, more: object = {}) => alertEvent(alert(labels, more), 'eu-1', now);

describe('an alert', () => {
  it.each([
    ['a workload', { namespace: 'shop', deployment: 'cart', pod: 'cart-1' }, 'eu-1/shop/Deployment/cart'],
    ['a job', { namespace: 'shop', job_name: 'nightly' }, 'eu-1/shop/Job/nightly'],
    ['a node', { node: 'worker-1' }, 'eu-1/_/Node/worker-1'],
    ['a pod', { namespace: 'shop', pod: 'cart-1', service: 'kube-state-metrics' }, 'eu-1/_/Namespace/shop'],
    ['a service of ours', { service: 'agent-manager' }, 'eu-1/_/Service/agent-manager'],
    ['nothing that is named', {}, 'eu-1/_/Cluster/eu-1'],
  ])('about %s is an event of that', (_what, labels, fingerprint) => {
    const event = eventOf(labels);
    expect(event.fingerprint).toBe(fingerprint);
    expect(acceptedEvent.body.safeParse(event).error).toBeUndefined();
  });

  it('may feed an incident, and never opens one by itself, however loud it is', () => {
    expect(eventOf({})).toMatchObject({
      type: 'alert',
      signal: 'fault',
      severity: 'medium',
      message: 'replicas are missing',
    });
    expect(eventOf({ severity: 'info' })).toMatchObject({ severity: 'low' });
  });

  it('ends no incident when it is over', () => {
    const over = { status: 'resolved', endsAt: '2026-03-01T09:59:00Z' };
    expect(eventOf({}, over)).toMatchObject({ signal: 'info', severity: 'low', timestamp: '2026-03-01T09:59:00Z' });
  });

  it('is one event however often it is repeated, and another when it comes again', () => {
    expect(eventOf({}).id).toBe(alertEvent(alert({}), 'eu-1', new Date('2026-03-02T00:00:00Z')).id);
    expect(eventOf({}).id).not.toBe(eventOf({}, { startsAt: '2026-03-01T12:00:00Z' }).id);
    expect(eventOf({}).id).not.toBe(alertEvent(alert({}), 'eu-2', now).id);
  });

  it('loses its secrets at the door', () => {
    const event = eventOf({ url: 'postgres://u:hunter2@db/x' }, { annotations: { summary: 'password=hunter2' } });
    expect(JSON.stringify(Event.parse(event))).not.toContain('hunter2');
  });

  it.each([
    ['no name', { alerts: [{ ...alert({}), labels: {} }] }, 'alerts.0.labels.alertname'],
    ['another version', { version: '3', alerts: [alert({})] }, 'version'],
    ['no alert', { alerts: [] }, 'alerts'],
    ['no time', { alerts: [{ ...alert({}), startsAt: 'now' }] }, 'alerts.0.startsAt'],
  ])('with %s is refused, naming the field', (_what, message, field) => {
    const refused = AlertMessage.safeParse({ version: '4', ...message });
    expect(refused.error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});
