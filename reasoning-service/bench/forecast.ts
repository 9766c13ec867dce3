import { dirname } from 'node:path';
import { runCommand } from '@aetherius/shared/service';
import { readFlags, type Values } from './bench-flags.ts';
import { dataFolder } from './data-folder.ts';
import { falseLimits } from './false-limits.ts';
import { mean, rounded } from './figures.ts';
import { timeToFullError } from './filling-disks.ts';
import { type ForecastError, forecastError, type HourlySeries } from './forecast-error.ts';
import { readNab } from './nab-data.ts';
import { isOperations } from './operations.ts';
import { readScenarios } from './petshop-data.ts';

const DISKS = 200;
const MOST_GAPS = 0.05;

const usage = `usage: npm run bench:forecast -- [--data FOLDER]

How far forecasts are from what came, on the series of NAB and PetShop and on generated disks.

  --data FOLDER  where their repositories lie as nab and petshop (AETHERIUS_DATA)
  --help         this text
`;

const machinesIn = (data: string | undefined): HourlySeries[] =>
  readNab(dataFolder('nab', data))
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

const servicesIn = (data: string | undefined): HourlySeries[] =>
  readScenarios(dirname(dataFolder('petshop', data))).flatMap((scenario) =>
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

const lineOf = (what: string, { series, scaled, naive, coverage }: ReturnType<typeof summary>): string =>
  `${what.padEnd(29)} ${String(series).padStart(6)} ${String(scaled).padStart(13)} ${String(naive).padStart(15)} ${String(coverage).padStart(10)}`;

/** Limits told as near that were never reached. */
function falselyTold(machines: readonly HourlySeries[]): { told: number; days: number } {
  const limits = machines.map(falseLimits);
  return { told: limits.reduce((sum, one) => sum + one.told, 0), days: limits.reduce((sum, one) => sum + one.days, 0) };
}

function answer({ data }: Values<never, never, 'data'>): string {
  const machines = machinesIn(data);
  const [machines1, services1] = [errorsOf(machines, 1), errorsOf(servicesIn(data), 1)];
  const [nab, petshop, hour] = [summary(machines1), summary(services1), summary([...machines1, ...services1])];
  const day = summary(errorsOf(machines, 24));
  const full = timeToFullError(DISKS);
  const { told, days } = falselyTold(machines);
  const figures = {
    scaled_error_1h: hour.scaled,
    scaled_error_24h: day.scaled,
    seasonal_naive_1h: hour.naive,
    seasonal_naive_24h: day.naive,
    coverage80: hour.coverage,
    coverage80_nab: nab.coverage,
    coverage80_24h: day.coverage,
    scaled_error_1h_nab: nab.scaled,
    scaled_error_1h_petshop: petshop.scaled,
    time_to_full_error: rounded(full.error),
    time_to_full_on: `${DISKS} generated disks`,
    time_to_full_within_band: rounded(full.within),
    false_limits: told,
    false_limits_per_series_day: rounded(told / days),
  };
  return [
    'what                          series  scaled error  seasonal naive  coverage of the 80 % band',
    lineOf('NAB operations, 1 h', nab),
    lineOf('PetShop, 1 h', petshop),
    lineOf('both, 1 h', hour),
    lineOf('NAB operations, 24 h', day),
    `time to full, ${DISKS} generated disks: median error ${(100 * full.error).toFixed(1)} %, ${(100 * full.within).toFixed(0)} % within the band`,
    `limits told as near that were never reached, NAB operations: ${told} in ${days.toFixed(0)} days of a series`,
    `${JSON.stringify(figures)}\n`,
  ].join('\n');
}

process.exitCode = await runCommand(process.argv.slice(2), {
  usage,
  readOptions: readFlags({ texts: ['data'] }),
  answer,
});
