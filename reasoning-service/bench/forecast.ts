import { dirname } from 'node:path';
import { dataFolder } from './data-folder.ts';
import { falseLimits } from './false-limits.ts';
import { timeToFullError } from './filling-disks.ts';
import { type ForecastError, forecastError, type HourlySeries } from './forecast-error.ts';
import { readNab } from './nab-data.ts';
import { isOperations } from './operations.ts';
import { readScenarios } from './petshop-data.ts';

const DISKS = 200;
const MOST_GAPS = 0.05;

const say = (line: string) => process.stdout.write(`${line}\n`);
const rounded = (value: number): number => Number(value.toFixed(3));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const machines = readNab(dataFolder('nab'))
  .filter(isOperations)
  .map(({ name, values, minutes }): HourlySeries => {
    const steps = Array.from(minutes.subarray(1), (at, row) => at - (minutes[row] ?? at)).sort((a, b) => a - b);
    return { name, values, perHour: 60 / (steps[Math.floor(steps.length / 2)] ?? 5) };
  });

/** The last value known stands for a gap. */
function filled(values: readonly number[]): Float64Array {
  let known = values.find((value) => !Number.isNaN(value)) ?? 0;
  return Float64Array.from(values, (value) => {
    if (!Number.isNaN(value)) known = value;
    return known;
  });
}

const services = readScenarios(dirname(dataFolder('petshop'))).flatMap((scenario) =>
  scenario.normal.columns
    .filter(({ values }) => values.filter(Number.isNaN).length < MOST_GAPS * values.length)
    .map(
      ({ entity, metric, values }): HourlySeries => ({
        name: `${scenario.name}/${entity}/${metric}`,
        values: filled(values),
        perHour: 12,
      }),
    ),
);

const errorsOf = (series: readonly HourlySeries[], hours: number): ForecastError[] =>
  series.flatMap((one) => forecastError(one, hours) ?? []);

function summary(errors: readonly ForecastError[]) {
  const checked = errors.reduce((sum, one) => sum + one.checked, 0);
  return {
    series: errors.length,
    scaled: rounded(mean(errors.map(({ scaled }) => scaled))),
    naive: rounded(mean(errors.map(({ naive }) => naive))),
    coverage: rounded(errors.reduce((sum, one) => sum + one.covered, 0) / checked),
  };
}

const [machines1, services1, machines24] = [errorsOf(machines, 1), errorsOf(services, 1), errorsOf(machines, 24)];
const [hour, day] = [summary([...machines1, ...services1]), summary(machines24)];
const full = timeToFullError(DISKS);
const limits = machines.map(falseLimits);
const falselyTold = limits.reduce((sum, { told }) => sum + told, 0);
const days = limits.reduce((sum, one) => sum + one.days, 0);

say('what                          series  scaled error  seasonal naive  coverage of the 80 % band');
for (const [what, { series, scaled, naive, coverage }] of Object.entries({
  'NAB operations, 1 h': summary(machines1),
  'PetShop, 1 h': summary(services1),
  'both, 1 h': hour,
  'NAB operations, 24 h': day,
}))
  say(
    `${what.padEnd(29)} ${String(series).padStart(6)} ${String(scaled).padStart(13)} ${String(naive).padStart(15)} ${String(coverage).padStart(10)}`,
  );
say(
  `time to full, ${DISKS} generated disks: median error ${(100 * full.error).toFixed(1)} %, ${(100 * full.within).toFixed(0)} % within the band`,
);
say(
  `limits told as near that were never reached, NAB operations: ${falselyTold} in ${days.toFixed(0)} days of a series`,
);
say(
  JSON.stringify({
    scaled_error_1h: hour.scaled,
    scaled_error_24h: day.scaled,
    seasonal_naive_1h: hour.naive,
    seasonal_naive_24h: day.naive,
    coverage80: hour.coverage,
    coverage80_nab: summary(machines1).coverage,
    coverage80_24h: day.coverage,
    scaled_error_1h_nab: summary(machines1).scaled,
    scaled_error_1h_petshop: summary(services1).scaled,
    time_to_full_error: rounded(full.error),
    time_to_full_on: `${DISKS} generated disks`,
    time_to_full_within_band: rounded(full.within),
    false_limits: falselyTold,
    false_limits_per_series_day: rounded(falselyTold / days),
  }),
);
