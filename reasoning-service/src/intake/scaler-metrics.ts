import type { JsonObject } from '@aetherius/shared/contracts';

/** `now` is undefined where nothing was measured. */
type Figure = { name: string; now: number | undefined; goal: number };

/** `cpu: 97%/60%, memory: 40%/80%` of a row; an older `kubectl` does not name its one resource, which is the CPU. */
export const figuresOfCell = (cell: string): Figure[] =>
  [...cell.matchAll(/(?:(\w+): )?(?:(\d{1,7})%|<unknown>)\/(\d{1,7})%/g)].map(([, name = 'cpu', now, goal]) =>
    figure(name, now, goal),
  );

/** `resource cpu on pods  (as a percentage of request):  97% (485m) / 60%` of a description. */
export const figuresOfLines = (lines: readonly string[]): Figure[] =>
  lines.flatMap((line) => {
    const [, name, now, goal] =
      /^resource (\w+) on pods +\(as a percentage of request\): +(\d{1,7})%(?: \(\S+\))? \/ (\d{1,7})%/.exec(line) ??
      [];
    return name === undefined ? [] : [figure(name, now, goal)];
  });

const figure = (name: string, now: string | undefined, goal: string | undefined): Figure => ({
  name,
  now: now === undefined ? undefined : Number(now),
  goal: Number(goal),
});

/** The figures as `spec.metrics` states the targets. */
export const statedMetrics = (figures: readonly Figure[]): JsonObject[] | undefined =>
  listed(figures, ({ name, goal }) => ({ name, target: { type: 'Utilization', averageUtilization: goal } }));

/** The figures as `status.currentMetrics` has them: those that were measured. */
export const currentMetrics = (figures: readonly Figure[]): JsonObject[] | undefined =>
  listed(
    figures.filter(({ now }) => now !== undefined),
    ({ name, now = 0 }) => ({ name, current: { averageUtilization: now } }),
  );

const listed = (figures: readonly Figure[], resource: (one: Figure) => JsonObject): JsonObject[] | undefined =>
  figures.length === 0 ? undefined : figures.map((one) => ({ type: 'Resource', resource: resource(one) }));
