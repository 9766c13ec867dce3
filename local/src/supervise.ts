import type { Managed } from './process.ts';

const MOST_RESTARTS = 3;
const WITHIN_MS = 60_000;

export type Supervising = {
  name: string;
  launch: () => Promise<Managed>;
  /** Puts the log of the one that ended aside, which the next would overwrite, and says where it is. */
  keepLog: () => string;
  trouble: (line: string) => void;
  /** It ends whatever is done: the caller has to stop, with this reason. */
  failed: (reason: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
};

/** A program that is started again when it ends by itself. */
export type Supervised = { crash(): Promise<void>; restart(): Promise<void>; stop(): Promise<void> };

/** Starts a program and keeps it running until `stop`; one that keeps ending is given up. */
export async function supervise(supervising: Supervising): Promise<Supervised> {
  const { name, launch, keepLog, trouble, failed, now } = supervising;
  let current = await launch();
  // An end that we brought about is not one to recover from.
  let isIntended = false;
  let recovery: Promise<void> = Promise.resolve();
  let restarts: number[] = [];

  const recover = async () => {
    while (!isIntended) {
      const log = keepLog();
      restarts = restarts.filter((at) => now() - at < WITHIN_MS);
      if (restarts.length >= MOST_RESTARTS)
        return failed(`${name} ended ${restarts.length + 1} times within a minute; its log is ${log}`);
      restarts.push(now());
      trouble(`${name} ended and is started again; its log is ${log}`);
      const next = await launch().catch(() => undefined);
      if (next !== undefined) return watch(next);
    }
  };
  const watch = (program: Managed) => {
    current = program;
    void program.exited.then(() => {
      if (!isIntended) recovery = recover();
    });
  };
  watch(current);

  const replace = async (end: () => Promise<void>) => {
    isIntended = true;
    await recovery;
    await end();
    const next = await launch();
    isIntended = false;
    watch(next);
  };
  return {
    crash: () =>
      replace(() => {
        process.kill(current.pid, 'SIGKILL');
        return current.exited;
      }),
    restart: () => replace(() => current.stop()),
    stop: async () => {
      isIntended = true;
      await recovery;
      await current.stop();
    },
  };
}
