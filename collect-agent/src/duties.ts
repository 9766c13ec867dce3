import type { Logger } from '@aetherius/shared/log';
import { type CommandConsumer, consumeCommands } from './commands/consume.ts';
import type { RevisionWatch } from './commands/watch-revisions.ts';
import type { Duties } from './leader/leadership.ts';
import type { Sampling } from './metrics/start-sampling.ts';
import type { Bus } from './uplink/bus.ts';
import type { Watching } from './watch/start-watching.ts';

type Needs = {
  bus: Bus;
  watch: () => Watching;
  sample: (watching: Watching) => Sampling;
  commands: Omit<Parameters<typeof consumeCommands>[0], 'nats'>;
  watchRevisions: () => RevisionWatch;
  log: Logger;
};
type State = {
  watching?: Watching;
  sampling?: Sampling;
  consumer?: CommandConsumer;
  revisions?: RevisionWatch;
  leads: boolean;
};

/** What the leading agent does, and what it looks like from outside. */
export type AgentDuties = Duties & {
  running: () => number;
  watches: () => ReturnType<Watching['health']>;
  /** Whether it is known which revisions are healthy; a replica that does not lead needs not know. */
  revisionsKnown: () => boolean;
};

/** Watching, sampling and hearing commands, all only while leading. */
export function createDuties(needs: Needs): AgentDuties {
  let state: State = { leads: false };
  const hear = async (mine: State) => {
    const nats = await needs.bus.ready;
    // The bus may come long after leadership, and leadership may be gone by then.
    if (mine.leads) mine.consumer = consumeCommands({ ...needs.commands, nats });
  };
  return {
    gained: async () => {
      const mine: State = { leads: true };
      state = mine;
      needs.log.info('this agent leads now');
      mine.watching = needs.watch();
      mine.sampling = needs.sample(mine.watching);
      mine.revisions = needs.watchRevisions();
      void hear(mine);
    },
    lost: async () => {
      const mine = state;
      mine.leads = false;
      state = { leads: false };
      needs.log.warn('this agent leads no longer');
      await mine.consumer?.stop();
      await mine.revisions?.stop();
      await mine.sampling?.stop();
      await mine.watching?.stop();
    },
    running: () => state.consumer?.running() ?? 0,
    watches: () => state.watching?.health() ?? {},
    revisionsKnown: () => state.revisions?.synced() ?? true,
  };
}
