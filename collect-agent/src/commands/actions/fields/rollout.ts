import type { JsonObject } from '@aetherius/shared/contracts';
import type { FieldChange } from '../field-change.ts';
import { objectAt, valueAt } from '../replace-at.ts';

const STRATEGY = ['spec', 'strategy'] as const;
const PAUSED = ['spec', 'paused'] as const;
/** What the API server takes for a share that is not stated. */
const USUAL_SHARE = '25%';

/** How a Deployment replaces its pods: all at once, or some at a time. */
export const setStrategy: FieldChange<'set_strategy'> = (body, { type, max_surge, max_unavailable }) => {
  const current = objectAt(body, STRATEGY);
  const rolling = objectAt(current, ['rollingUpdate']);
  const share = (wanted: string | number | undefined, field: string) => wanted ?? rolling[field] ?? USUAL_SHARE;
  const rollingUpdate = {
    maxSurge: share(max_surge, 'maxSurge'),
    maxUnavailable: share(max_unavailable, 'maxUnavailable'),
  };
  const former: JsonObject = {
    type: current['type'] ?? 'RollingUpdate',
    ...(rolling['maxSurge'] === undefined ? {} : { max_surge: rolling['maxSurge'] }),
    ...(rolling['maxUnavailable'] === undefined ? {} : { max_unavailable: rolling['maxUnavailable'] }),
  };
  return {
    path: STRATEGY,
    next: type === 'Recreate' ? { type } : { type, rollingUpdate },
    undo: { action: 'set_strategy', parameters: former },
  };
};

const isPaused = (body: JsonObject): boolean => valueAt(body, PAUSED) === true;

/** Holds a rollout where it is. */
export const pauseRollout: FieldChange<'pause_rollout'> = (body) =>
  isPaused(body)
    ? { problem: 'already_so' }
    : { path: PAUSED, next: true, undo: { action: 'resume_rollout', parameters: {} } };

/** Lets a paused rollout go on. */
export const resumeRollout: FieldChange<'resume_rollout'> = (body) =>
  isPaused(body)
    ? { path: PAUSED, next: undefined, undo: { action: 'pause_rollout', parameters: {} } }
    : { problem: 'already_so' };
