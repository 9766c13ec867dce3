import { type Condition, type ObjectRef, seconds } from '@aetherius/shared/contracts';
import { type Clock, sleep } from '@aetherius/shared/service';
import type { KubeClient } from '../../kube/client.ts';
import { judge, type Reading } from '../conditions.ts';
import { observe, unbegun } from '../observation.ts';
import { done, type Outcome, unknown } from '../outcome.ts';
import { look } from './look.ts';

type Watching = {
  client: KubeClient;
  target: ObjectRef;
  parameters: { condition: Condition; held_for: string; window: string };
  clock: Clock;
  signal: AbortSignal;
  everyMs: number;
};

/** Waits beside the API server until the condition was held long enough, or the window is over, and says what was seen. */
export async function watchCondition({
  client,
  target,
  parameters,
  clock,
  signal,
  everyMs,
}: Watching): Promise<Outcome> {
  const { condition } = parameters;
  const started = clock.monotonic();
  const timing = {
    started,
    heldForMs: seconds(parameters.held_for) * 1000,
    windowMs: seconds(parameters.window) * 1000,
  };
  for (let observation = unbegun; !signal.aborted; await sleep(everyMs, signal)) {
    const reading = await readingOf({ client, condition, target });
    observation = observe(observation, { ...timing, reading, at: clock.monotonic() });
    if (observation.verdict !== undefined) {
      return done({ ...observation.verdict, condition, seconds: (clock.monotonic() - started) / 1000 });
    }
  }
  return unknown('interrupted');
}

/** Any failure to look is "not known", never "not met": only an observed failure may undo a repair. */
async function readingOf({
  client,
  condition,
  target,
}: Omit<Watching, 'parameters' | 'clock' | 'signal' | 'everyMs'> & { condition: Condition }): Promise<
  Reading | undefined
> {
  try {
    return judge(condition, await look(client, condition, target), target.uid);
  } catch {
    return undefined;
  }
}
