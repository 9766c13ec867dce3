import { AetheriusError, defineErrors } from '@aetherius/shared/errors';
import { advice, describeRoute, type Part, type Route } from './routes.ts';

/** One attempt at a part and how it ended, for the person who watches; what may take long is told when it begins. */
export type Try = {
  part: Part;
  route: string;
  outcome: 'begins' | 'works' | 'failed';
  reason?: string;
  seconds: number;
};
export type Report = (attempt: Try) => void;

const backingErrors = defineErrors({
  backing_missing: { status: 503, retryable: false, title: 'A part that Aetherius cannot do without is not to be had' },
  named_backing_failed: {
    status: 503,
    retryable: false,
    title: 'A server that was named does not serve, and nothing is started in its place',
  },
});

/** One plain line about a try. */
export function describeTry({ part, route, outcome, reason, seconds }: Try): string {
  if (outcome === 'begins') return `${part}: fetching it by ${route} …`;
  return `${part}: ${route} ${outcome === 'works' ? 'works' : `did not work: ${reason}`} (${seconds.toFixed(1)} s)`;
}

const isLong = ({ way }: Route): boolean => way !== 'url' && way !== 'binary' && way !== 'npm';

export type Trying<T> = {
  part: Part;
  routes: Route[];
  report: Report;
  signal?: AbortSignal | undefined;
  attempt: (route: Route) => Promise<T>;
};

/** The first route that works, or undefined with the tries that did not. */
export async function firstThatWorks<T>(trying: Trying<T>): Promise<{ value: T | undefined; tries: Try[] }> {
  const tries: Try[] = [];
  for (const route of trying.routes) {
    trying.signal?.throwIfAborted();
    const begun = performance.now();
    const named = { part: trying.part, route: describeRoute(route) };
    if (isLong(route)) trying.report({ ...named, outcome: 'begins', seconds: 0 });
    const outcome = await trying.attempt(route).then(
      (value) => ({ value }),
      (error: unknown) => ({ reason: reasonOf(error) }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const common = { ...named, seconds };
    const attempt: Try =
      'value' in outcome ? { ...common, outcome: 'works' } : { ...common, outcome: 'failed', reason: outcome.reason };
    tries.push(attempt);
    trying.report(attempt);
    if ('value' in outcome) return { value: outcome.value, tries };
  }
  return { value: undefined, tries };
}

/** The same for a part without which nothing runs: the error says what was tried and what to install. */
export async function requireOne<T>(trying: Trying<T>): Promise<T> {
  const { value, tries } = await firstThatWorks(trying);
  if (value !== undefined) return value;
  const { part } = trying;
  const variable = namedBy(trying);
  if (variable !== undefined)
    throw backingErrors.named_backing_failed({
      part,
      reason: tries.map(({ reason }) => reason).join('; '),
      way_out: `start it, correct ${variable}, or leave ${variable} out`,
    });
  throw backingErrors.backing_missing({ part, tried: describeTries(tries), way_out: advice[part] });
}

/** The same for a part that may be absent, but not where a person named its address. */
export const takeOne = async <T>(trying: Trying<T>): Promise<{ value: T | undefined; tries: Try[] }> =>
  namedBy(trying) === undefined ? firstThatWorks(trying) : { value: await requireOne(trying), tries: [] };

const namedBy = ({ routes }: Pick<Trying<unknown>, 'routes'>): string | undefined =>
  routes.flatMap((route) => (route.way === 'url' ? [route.variable] : []))[0];

/** Why an optional part is absent. */
export const absence = (part: Part, tries: Try[]): string => `${describeTries(tries)}; ${advice[part]}`;

const describeTries = (tries: Try[]): string => tries.map(describeTry).join('; ') || 'nothing found on this machine';

/** Our own errors carry the reason apart from the title, which would only repeat that something did not work. */
const reasonOf = (error: unknown): string => {
  const { reason, way_out } = error instanceof AetheriusError ? error.details : {};
  const words = [
    reason ?? (error instanceof Error ? error.message : error),
    ...(way_out === undefined ? [] : [way_out]),
  ];
  return words.join('; ').replace(/\s+/g, ' ').slice(0, 300);
};
