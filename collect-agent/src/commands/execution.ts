import type { Command, CommandResult } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { traced } from '@aetherius/shared/tracing';
import type { Order } from './carry-out.ts';
import type { KubeObject } from './kube-object.ts';
import { failed, type Outcome, unknown } from './outcome.ts';
import { type Circumstances, refusal } from './refusal.ts';
import { createRunning, type Run } from './running.ts';

export type ExecutionNeeds = {
  cluster: string;
  leading: () => boolean;
  /** What a refusal depends on beyond the command and its target. */
  rules: () => Pick<Circumstances, 'ownNamespace' | 'policy' | 'changesAllowed' | 'killSwitch'>;
  carryOut: (order: Order) => Promise<Outcome>;
  report: (result: CommandResult) => Promise<void>;
  ended?: (action: Command['action'], status: CommandResult['status']) => void;
  clock: Clock;
  log: Logger;
};

/** Carries commands out beside each other; each that was begun gets one result. */
export type Execution = {
  isRunning: (id: string) => boolean;
  running: () => number;
  refusal: (command: Command) => string | undefined;
  begin: (command: Command) => void;
  leave: () => Promise<void>;
};

const NOT_LEADING = 'not_leading';
const leftBehind = unknown('leadership_lost');

/** Nothing under way yet. After `leave` nothing is written any more, and what was under way is answered with unknown. */
export function createExecution(needs: ExecutionNeeds): Execution {
  const { clock, log } = needs;
  const running = createRunning();
  const reports = new Set<Promise<void>>();
  let left = false;

  const circumstances = (command: Command, receivedAt: number): Circumstances => ({
    ...needs.rules(),
    cluster: needs.cluster,
    elapsedMs: clock.monotonic() - receivedAt,
    now: clock.now(),
    targetBusy: !running.has(command.id) && running.writes(command.target),
  });
  const refusalOf = (run: Run) => (target: KubeObject, surroundings: readonly KubeObject[]) =>
    left || run.settled || !needs.leading()
      ? NOT_LEADING
      : refusal(run.command, { ...circumstances(run.command, run.receivedAt), target, surroundings });
  const settle = (run: Run, outcome: Outcome): void => {
    // The first outcome counts: a command answered as unknown while leaving may still end by itself later.
    if (run.settled) return;
    run.settled = true;
    running.remove(run);
    const result = resultOf(run, outcome, clock.monotonic());
    log.info({ command_id: result.command_id, status: result.status, reason: result.reason }, 'command ended');
    needs.ended?.(run.command.action, result.status);
    const sent = needs.report(result).catch((err: unknown) => log.error({ err }, 'a result could not be kept'));
    reports.add(sent);
    void sent.finally(() => reports.delete(sent));
  };
  return {
    isRunning: running.has,
    running: running.size,
    refusal: (command) => refusal(command, circumstances(command, clock.monotonic())),
    begin: (command) => {
      const received = { receivedAt: clock.monotonic(), startedAt: clock.now() };
      const run: Run = { command, ...received, abort: new AbortController(), settled: false };
      running.add(run);
      const order: Order = { command, signal: run.abort.signal, refusalOf: refusalOf(run) };
      // The result is written inside the span, so that whoever takes it goes on from here.
      void traced(`command ${command.action}`, { attributes: { command_id: command.id } }, async () =>
        settle(run, await outcomeOf(needs, order)),
      );
    },
    leave: async () => {
      left = true;
      for (const run of running.all()) {
        run.abort.abort();
        settle(run, leftBehind);
      }
      await Promise.all(reports);
    },
  };
}

async function outcomeOf({ carryOut, log }: ExecutionNeeds, order: Order): Promise<Outcome> {
  try {
    const outcome = await carryOut(order);
    // Having stopped leading says nothing against the command: whoever leads next has to look at the target.
    return outcome.status === 'refused' && outcome.reason === NOT_LEADING ? leftBehind : outcome;
  } catch (err) {
    log.error({ err, command_id: order.command.id }, 'carrying out a command failed unexpectedly');
    return failed('internal_error');
  }
}

const resultOf = ({ command, receivedAt, startedAt }: Run, outcome: Outcome, at: number): CommandResult => ({
  command_id: command.id,
  cluster_id: command.cluster_id,
  issuer: command.issuer,
  ...outcome,
  started_at: startedAt.toISOString(),
  duration: `${Math.round(at - receivedAt)}ms`,
});
