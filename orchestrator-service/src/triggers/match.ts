import { type InternalEvent, LIMIT_FORECAST, type Strategy } from '@aetherius/shared/contracts';

const fits = (wanted: readonly string[], found: readonly string[]): boolean =>
  wanted.length === 0 || found.some((one) => wanted.includes(one));

/** What an incident is about: once something has happened, no longer that it was foretold. */
function reasonsOf({ reason, reasons }: InternalEvent): string[] {
  const all = [reason, ...reasons];
  const happened = all.filter((one) => one !== LIMIT_FORECAST);
  return happened.length > 0 ? happened : all;
}

function matches({ match, enabled }: Strategy, event: InternalEvent): boolean {
  const { namespace } = event.subject;
  return (
    enabled &&
    fits(match.kinds, [event.subject.kind]) &&
    fits(match.reasons, reasonsOf(event)) &&
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
