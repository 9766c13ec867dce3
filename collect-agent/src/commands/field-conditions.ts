import { type Condition, type Json, type JsonObject, parseQuantity } from '@aetherius/shared/contracts';
import { backendsIn } from './actions/fields/traffic.ts';
import { objectAt, objectsAt, valueAt } from './actions/replace-at.ts';

/** A Service as far as an Ingress asks of it. */
export type ServedPorts = { name: string; ports: readonly Json[] };
type Look = { body: JsonObject; services: readonly ServedPorts[] };
type Verdict = { holds: boolean; detail: string };

/** The conditions that stand in an object's own fields, and for an Ingress in those of the Services that it names. */
export type FieldCondition = Extract<
  Condition,
  | 'claim_resized'
  | 'quota_in_force'
  | 'autoscaler_active'
  | 'budget_allows_disruption'
  | 'cron_job_started'
  | 'cron_job_succeeded'
  | 'ingress_backends_exist'
  | 'ingress_has_address'
>;

const amount = (value: Json | undefined): number =>
  typeof value === 'number' ? value : (parseQuantity(typeof value === 'string' ? value : undefined) ?? Number.NaN);

const conditionOf = (body: JsonObject, type: string): JsonObject | undefined =>
  objectsAt(body, ['status', 'conditions']).find((one) => one['type'] === type);

function quotaInForce({ body }: Look): Verdict {
  const told = objectAt(body, ['status', 'hard']);
  const late = Object.entries(objectAt(body, ['spec', 'hard'])).find(
    ([name, value]) => amount(told[name]) !== amount(value),
  );
  return { holds: late === undefined, detail: late === undefined ? 'in force' : `${late[0]} is not in force yet` };
}

/** At its least an autoscaler has nothing to do; only at its most it wants what it may not have. */
function autoscalerActive({ body }: Look): Verdict {
  const [able, active, limited] = ['AbleToScale', 'ScalingActive', 'ScalingLimited'].map((type) =>
    conditionOf(body, type),
  );
  const holds =
    able?.['status'] === 'True' &&
    active?.['status'] === 'True' &&
    (limited?.['status'] !== 'True' || limited['reason'] === 'TooFewReplicas');
  const told = (one: JsonObject | undefined) => one?.['status'];
  return { holds, detail: `AbleToScale ${told(able)}, ScalingActive ${told(active)}, ScalingLimited ${told(limited)}` };
}

function cronJobSucceeded({ body }: Look): Verdict {
  const time = (field: string) => Date.parse(String(valueAt(body, ['status', field])));
  const holds =
    objectsAt(body, ['status', 'active']).length === 0 && time('lastSuccessfulTime') >= time('lastScheduleTime');
  return { holds, detail: holds ? 'its last run succeeded' : 'its last run has not succeeded' };
}

function backendsExist({ body, services }: Look): Verdict {
  const lost = backendsIn(objectAt(body, ['spec'])).find(
    ({ name, port }) => !services.some((one) => one.name === name && one.ports.includes(port)),
  );
  return {
    holds: lost === undefined,
    detail: lost === undefined ? 'all are there' : `${lost.name} port ${lost.port} is not there`,
  };
}

/** How each of them is judged; what has not been said by the controller yet does not hold. */
export const fieldJudges: Readonly<Record<FieldCondition, (look: Look) => Verdict>> = {
  claim_resized: ({ body }) => {
    const [has, wants] = [
      valueAt(body, ['status', 'capacity', 'storage']),
      valueAt(body, ['spec', 'resources', 'requests', 'storage']),
    ];
    return { holds: amount(has) >= amount(wants), detail: `has ${has} of ${wants}` };
  },
  quota_in_force: quotaInForce,
  autoscaler_active: autoscalerActive,
  budget_allows_disruption: ({ body }) => {
    const allowed = amount(valueAt(body, ['status', 'disruptionsAllowed']));
    return { holds: allowed > 0, detail: `${allowed} disruptions allowed` };
  },
  cron_job_started: ({ body }) => {
    const running = objectsAt(body, ['status', 'active']).length;
    return { holds: running > 0, detail: `${running} runs under way` };
  },
  cron_job_succeeded: cronJobSucceeded,
  ingress_backends_exist: backendsExist,
  ingress_has_address: ({ body }) => {
    const addresses = objectsAt(body, ['status', 'loadBalancer', 'ingress']).length;
    return { holds: addresses > 0, detail: `${addresses} addresses` };
  },
};
