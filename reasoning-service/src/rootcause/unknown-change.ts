import { departureOf } from './departure.ts';
import { scaleOf } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { LEAST_LASTING, lastingOf } from './lasting.ts';
import { seriesDeviation } from './resources.ts';
import type { Series } from './series.ts';
import type { Settings } from './settings.ts';

type When = { onset: number | undefined; settings: Settings };

/** The change of one series at the onset, or where it left its own baseline when none is given, if it lasts. */
function changeOf(series: Series, { onset, settings }: When): Evidence | undefined {
  const began = onset ?? departureOf(series);
  if (began === undefined) return undefined;
  const moment = { onset: began, settings };
  const change = seriesDeviation(series, moment, (baseline) =>
    scaleOf(baseline, { relative: settings.relative_floor, absolute: 0 }),
  );
  return change !== undefined && lastingOf(change, series, began) >= LEAST_LASTING ? change : undefined;
}

const rounded = (value: number | null): string => String(Number((value ?? 0).toPrecision(3)));

/** What an empty answer must add: a metric of no known kind changes, and nobody knows whether that is good or bad. */
export function unknownChange(all: readonly Series[], when: When): string | undefined {
  const changes = all.filter(({ kind }) => kind === 'other').flatMap((series) => changeOf(series, when) ?? []);
  const [first, ...others] = changes.sort(byDeviation);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : `, and ${others.length} more like it`;
  return `"${first.metric}" of ${first.entity} does change (${rounded(first.before)} -> ${rounded(first.after)})${more}, but is of no known kind of metric, so that it names no cause`;
}
