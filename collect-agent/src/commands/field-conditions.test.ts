import type { JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { type FieldCondition, fieldJudges } from './field-conditions.ts';

const services = [{ name: 'web', ports: [80, 'http'] }];
const conditions = (...told: [type: string, status: string, reason?: string][]) => ({
  status: { conditions: told.map(([type, status, reason = '']) => ({ type, status, reason })) },
});
const claim = (has: string) => ({
  spec: { resources: { requests: { storage: '2Gi' } } },
  status: { capacity: { storage: has } },
});
const quota = (told: JsonObject) => ({ spec: { hard: { cpu: '2' } }, status: { hard: told } });
const runs = (status: JsonObject): JsonObject => ({ status });
const backend = (name: string, port: JsonObject) => ({ spec: { defaultBackend: { service: { name, port } } } });
const able: [string, string][] = [
  ['AbleToScale', 'True'],
  ['ScalingActive', 'True'],
];
const at = (hour: number) => `2026-01-02T0${hour}:00:00Z`;

describe('conditions of fields', () => {
  it.each<[FieldCondition, boolean, JsonObject]>([
    ['claim_resized', true, claim('2048Mi')],
    ['claim_resized', false, claim('1Gi')],
    ['claim_resized', false, {}],
    ['quota_in_force', true, quota({ cpu: '2000m' })],
    ['quota_in_force', false, quota({ cpu: '1' })],
    ['quota_in_force', false, quota({})],
    ['autoscaler_active', true, conditions(...able)],
    ['autoscaler_active', false, conditions(...able, ['ScalingLimited', 'True'])],
    ['autoscaler_active', false, conditions(...able, ['ScalingLimited', 'True', 'TooManyReplicas'])],
    ['autoscaler_active', true, conditions(...able, ['ScalingLimited', 'True', 'TooFewReplicas'])],
    ['autoscaler_active', false, {}],
    ['budget_allows_disruption', true, { status: { disruptionsAllowed: 1 } }],
    ['budget_allows_disruption', false, { status: { disruptionsAllowed: 0 } }],
    ['budget_allows_disruption', false, {}],
    ['cron_job_started', true, runs({ active: [{ name: 'x' }] })],
    ['cron_job_started', false, runs({})],
    ['cron_job_succeeded', true, runs({ lastScheduleTime: at(1), lastSuccessfulTime: at(2) })],
    ['cron_job_succeeded', false, runs({ lastScheduleTime: at(3), lastSuccessfulTime: at(2) })],
    ['cron_job_succeeded', false, runs({ lastScheduleTime: at(3) })],
    ['ingress_backends_exist', true, backend('web', { number: 80 })],
    ['ingress_backends_exist', true, backend('web', { name: 'http' })],
    ['ingress_backends_exist', false, backend('web', { number: 81 })],
    ['ingress_backends_exist', false, backend('wbe', { number: 80 })],
    ['ingress_has_address', true, { status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }],
    ['ingress_has_address', false, {}],
  ])('%s is %s for %j', (condition, holds, body) => {
    expect(fieldJudges[condition]({ body, services }).holds).toBe(holds);
  });
});
