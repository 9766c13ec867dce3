import type { InternalEvent, Strategy } from '@aetherius/shared/contracts';

const fits = (wanted: readonly string[], found: readonly string[]): boolean =>
  wanted.length === 0 || found.some((one) => wanted.includes(one));

function matches({ match, enabled }: Strategy, event: InternalEvent): boolean {
  const { namespace } = event.subject;
  return (
    enabled &&
    fits(match.kinds, [event.subject.kind]) &&
    fits(match.reasons, [event.reason, ...event.reasons]) &&
    fits(match.namespaces, namespace === null ? [] : [namespace]) &&
    fits(match.clusters, [event.cluster_id]) &&
    fits(match.severities, [event.severity])
  );
}

/** How many fields a strategy is particular about. */
const specificity = ({ match }: Strategy): number => Object.values(match).filter((wanted) => wanted.length > 0).length;

/** The strategy for an incident: the highest priority, then the most specific, then the first by name. */
export function bestStrategy(strategies: readonly Strategy[], event: InternalEvent): Strategy | undefined {
  const [best] = strategies
    .filter((strategy) => matches(strategy, event))
    .sort((a, b) => b.priority - a.priority || specificity(b) - specificity(a) || (a.name < b.name ? -1 : 1));
  return best;
}
