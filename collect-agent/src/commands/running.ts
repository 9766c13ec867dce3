import { type Command, isWriteAction, type ObjectRef } from '@aetherius/shared/contracts';

/** One command under way; `settled` once its result is out. */
export type Run = { command: Command; receivedAt: number; startedAt: Date; abort: AbortController; settled: boolean };

/** The commands under way, by id and by target: an id is taken once, an object is written by one at a time. */
export type Running = {
  has: (id: string) => boolean;
  writes: (target: ObjectRef) => boolean;
  size: () => number;
  add: (run: Run) => void;
  remove: (run: Run) => void;
  all: () => Run[];
};

/** None under way. */
export function createRunning(): Running {
  const runs = new Map<string, Run>();
  const targets = new Set<string>();
  return {
    has: (id) => runs.has(id),
    writes: (target) => targets.has(keyOf(target)),
    size: () => runs.size,
    add: (run) => {
      runs.set(run.command.id, run);
      if (isWriteAction(run.command.action)) targets.add(keyOf(run.command.target));
    },
    remove: ({ command }) => {
      runs.delete(command.id);
      if (isWriteAction(command.action)) targets.delete(keyOf(command.target));
    },
    all: () => [...runs.values()],
  };
}

const keyOf = ({ kind, namespace, name }: ObjectRef): string => `${kind}/${namespace ?? ''}/${name}`;
