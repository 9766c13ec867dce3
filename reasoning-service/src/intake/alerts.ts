import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { isObject } from './kubernetes.ts';
import { timestamp } from './moment.ts';
import { type Reading, reading } from './reading.ts';

/** The alerts in an Alertmanager webhook, an Alertmanager listing (v1, v2) or a Prometheus listing, or undefined when it is none of them. */
export function alertsIn(value: Json): JsonObject[] | undefined {
  const found = Array.isArray(value)
    ? value.filter(isObject)
    : [objectsAt(value, 'alerts'), objectsAt(value, 'data.alerts'), objectsAt(value, 'data')].find(
        (list) => list.length > 0,
      );
  return found?.length && found.every(isAlert) ? found : undefined;
}

const isAlert = (value: JsonObject): boolean =>
  isObject(value['labels']) && ['startsAt', 'activeAt', 'fingerprint'].some((key) => key in value);

/** Alerts that fire. One that is over, waits or is silenced is no sign of a fault now; how many were passed over is said. Where all are over, that is the answer. */
export function readAlerts(file: string, alerts: readonly JsonObject[], at: string): Reading {
  const firing = alerts.filter((alert) => stateOf(alert) === 'firing');
  const passed = alerts.length - firing.length;
  const isOver = alerts.length > 0 && alerts.every((alert) => stateOf(alert) === 'resolved');
  return reading({
    alerts: (isOver ? alerts : firing).map((alert) => ({
      ...identity(alert),
      name: textAt(alert, 'labels.alertname') ?? 'unnamed',
      labels: textsAt(alert, 'labels'),
      annotations: textsAt(alert, 'annotations'),
      starts_at: beganAt(alert) ?? null,
      ends_at: isOver ? (endedAt(alert) ?? at) : null,
    })),
    cut: passed === 0 ? [] : [`${file}: ${passed} alerts that are resolved, pending or silenced`],
  });
}

const beganAt = (alert: JsonObject): string | undefined =>
  timestamp(textAt(alert, 'startsAt') ?? textAt(alert, 'activeAt'));

/** Alertmanager writes the year 1 where there is no end. */
const endedAt = (alert: JsonObject): string | undefined => {
  const end = timestamp(textAt(alert, 'endsAt'));
  return end?.startsWith('0001-') ? undefined : end;
};

const identity = (alert: JsonObject): { id?: string } => {
  const fingerprint = textAt(alert, 'fingerprint');
  return fingerprint === undefined ? {} : { id: `alert:${fingerprint}` };
};

function stateOf(alert: JsonObject): 'firing' | 'resolved' | 'passed' {
  const state = textAt(alert, 'status') ?? textAt(alert, 'status.state') ?? textAt(alert, 'state') ?? 'firing';
  if (state === 'resolved') return 'resolved';
  return ['firing', 'active', 'unprocessed'].includes(state) ? 'firing' : 'passed';
}
