import { seconds } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { ageOf, statusesOf } from '../health/health.ts';
import { numberAt, objectAt } from '../json-path.ts';

/** The kubelet tells a failure of a probe at once and again with the next, so what is older than that was overcome. */
const JUST_SAID = seconds('1m');

/** Liveness probes that failed a moment ago: a few more, and the kubelet restarts the container. */
export const freshFailures = ({ bundle, now }: Facts): Evidence[] =>
  citeEvents(
    bundle.events.filter(
      ({ message, last_timestamp: last }) =>
        /^Liveness probe (?:failed|errored)/.test(message) && (now - Date.parse(last)) / 1000 < JUST_SAID,
    ),
    1,
  );

/** Whoever has not been up for so long again may end again. */
const UNPROVEN = seconds('3m');

/** Containers that count as ready although they ended with a failure a moment ago: that they stay up is not shown yet. */
export const freshEnds = (facts: Facts): Evidence[] =>
  facts.bundle.objects
    .filter(({ kind }) => kind === 'Pod')
    .flatMap((pod) => {
      const fresh = statusesOf(pod).some((status) => {
        const end = objectAt(status, 'lastState.terminated');
        const age = ageOf(end, 'finishedAt', facts.now);
        return (numberAt(end, 'exitCode') ?? 0) !== 0 && age !== undefined && age < UNPROVEN;
      });
      return fresh ? citeObject(pod, 'lastState.terminated.exitCode') : [];
    });
