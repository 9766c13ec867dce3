import type { Logger } from '@aetherius/shared/log';
import { type Loop, startLoop } from '@aetherius/shared/service';
import { type CommandConsumer, consumeCommands } from './commands/consume.ts';
import type { RevisionMemory } from './commands/revision-memory.ts';
import type { Duties } from './leader/leadership.ts';
import type { Bus } from './uplink/bus.ts';
import type { Watching } from './watch/start-watching.ts';

type Needs = {
  bus: Bus;
  watch: () => Watching;
  commands: Omit<Parameters<typeof consumeCommands>[0], 'nats'>;
  memory: RevisionMemory;
  log: Logger;
};
type State = { watching?: Watching; consumer?: CommandConsumer; looking?: Loop; leads: boolean };

/** What the leading agent does, and what it looks like from outside. */
export type AgentDuties = Duties & {
  running: () => number;
  watches: () => ReturnType<Watching['health']>;
};

const LOOK_EVERY_MS = 2_000;

/** Watching and hearing commands, both only while leading. */
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
      const watching = needs.watch();
      mine.watching = watching;
      mine.looking = lookAtRevisions(watching, needs);
      void hear(mine);
    },
    lost: async () => {
      const mine = state;
      mine.leads = false;
      state = { leads: false };
      needs.log.warn('this agent leads no longer');
      await mine.consumer?.stop();
      await mine.looking?.stop();
      await mine.watching?.stop();
    },
    running: () => state.consumer?.running() ?? 0,
    watches: () => state.watching?.health() ?? {},
  };
}

/** A revision's health has to be seen while it lasts: after a bad rollout nothing in the cluster tells which old one worked. */
function lookAtRevisions({ health, view }: Watching, { memory, log }: Needs): Loop {
  const run = async () => {
    // A list that is not complete yet would make the memory forget what is missing from it.
    if (health()['replicasets']?.synced !== true) return;
    await memory.note(
      view.all('ReplicaSet').map(({ metadata, spec, status }) => ({
        uid: metadata.uid,
        wanted: spec.replicas ?? 1,
        ready: status.readyReplicas ?? 0,
      })),
    );
  };
  return startLoop({ name: 'revision-health', every: LOOK_EVERY_MS, run, log });
}
