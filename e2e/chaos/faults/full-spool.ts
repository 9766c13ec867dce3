import { sleep } from '@aetherius/shared/service';
import type { Fault } from '../fault.ts';
import { begin, end } from './backing.ts';

/** More than the 64 MiB that a spool may hold, at about 2.7 KiB each. */
const EVENTS = 26_000;
const PER_BATCH = 500;
const BETWEEN_MS = 400;

/** The bus is away for so long that the spool runs over: the oldest events go, and each of them is counted. */
export const fullSpool: Fault = {
  name: 'full-spool',
  alone: true,
  within: 400,
  lasts: { seconds: 10, full: 10 },
  inject: async (stage) => {
    await end(stage, 'nats');
    for (let left = EVENTS; left > 0; left -= PER_BATCH) {
      stage.load.send(PER_BATCH, 2_000);
      await sleep(BETWEEN_MS);
    }
  },
  heal: begin,
};
