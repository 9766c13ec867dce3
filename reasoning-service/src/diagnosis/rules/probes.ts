import { brokenBy, citeEvents, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { inWords, recentRollout, rollBack } from '../remedies.ts';

const failing = /^Liveness probe (failed|errored)/i;
const killing = /failed liveness probe/i;

/** Restarts that the kubelet itself makes because the liveness probe fails. */
export const livenessProbe: Rule = (facts: Facts) => {
  const kills = facts.events({ kind: 'Pod', reason: ['Killing'], message: killing });
  const failures = facts.events({ kind: 'Pod', reason: ['Unhealthy'], message: failing });
  const repeated = failures.reduce((sum, event) => sum + event.count, 0) >= 3;
  if (failures.length === 0 || (kills.length === 0 && !repeated)) return undefined;
  const pod = facts.of('Pod').find((object) => object.name === failures[0]?.name);
  const rollout = recentRollout(facts);
  const subject = pod === undefined ? facts.subject : brokenBy(facts, pod);
  return {
    category: 'probe_liveness_misconfigured',
    severity: 'high',
    subject,
    cause: {
      subject,
      description: `the kubelet restarts the container because its liveness probe fails: ${failures[0]?.message}${rollout === undefined ? '' : ` (${inWords(rollout)})`}`,
    },
    weight: kills.length > 0 ? 0.95 : 0.85,
    evidence: [...citeEvents(failures, 2), ...citeEvents(kills, 1)],
    recommendations: rollBack(facts, rollout),
  };
};
