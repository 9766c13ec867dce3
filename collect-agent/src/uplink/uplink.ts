import { join } from 'node:path';
import { agentSubject, type CommandResult, type Event } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { type Clock, sleep } from '@aetherius/shared/service';
import { currentTraceparent } from '@aetherius/shared/tracing';
import type { Bus } from './bus.ts';
import { fitEvent, fitResult } from './fit.ts';
import { gapEvent } from './gap-event.ts';
import { startPublisher } from './publish.ts';
import { createResultIds } from './result-ids.ts';
import type { Entry } from './segment.ts';
import { Spool } from './spool.ts';

type Needs = {
  bus: Pick<Bus, 'current'>;
  folder: string;
  /** Bound of the events' spool; results have a spool of their own because they are never cut. */
  maxBytes: number;
  cluster: string;
  agentId: string;
  clock: Clock;
  log: Logger;
};

/** The one door through which anything durable leaves: redacted, fitted to the bus, on disk, then sent. */
export type Uplink = {
  sendEvent: (event: Event) => void;
  sendResult: (result: CommandResult) => Promise<void>;
  /** True depths, for heartbeat and metrics. */
  depths: () => {
    spooled_events: number;
    spooled_results: number;
    spool_bytes: number;
    spool_limit_bytes: number;
    spool_oldest_seconds: number;
    lost_events: number;
  };
  problems: () => string[];
  stop: () => Promise<void>;
};

const DRAIN_MS = 1_500;
const DRAIN_STEP_MS = 50;

/** Opens both spools and begins to send what an earlier process left in them. */
export async function openUplink({ bus, folder, maxBytes, cluster, agentId, clock, log }: Needs): Promise<Uplink> {
  const events = await openSpool({ folder: join(folder, 'events'), maxBytes });
  const results = await openSpool({ folder: join(folder, 'results') });
  const eventEntry = (event: Event) => {
    const body = fitEvent(event);
    return {
      id: body.id,
      subject: agentSubject(cluster, 'event'),
      at: event.timestamp,
      body,
      traceparent: currentTraceparent(),
    };
  };
  const common = { nats: bus.current, log };
  const eventPublisher = startPublisher({
    ...common,
    spool: events,
    gapMessage: (gap) => eventEntry(gapEvent(gap, { cluster, agentId, now: clock.now() })),
  });
  const resultPublisher = startPublisher({ ...common, spool: results });
  const resultIds = createResultIds();
  const unspooled = createUnspooled({ bus, log });
  return {
    sendEvent: (event) => {
      const entry = eventEntry(event);
      void events
        .append(entry)
        .then(eventPublisher.poke)
        .catch((err: unknown) => unspooled.send(entry, err));
    },
    sendResult: async (result) => {
      const at = clock.now().toISOString();
      const subject = agentSubject(cluster, 'result');
      await results.append({
        id: resultIds.next(result),
        subject,
        at,
        body: fitResult(result),
        traceparent: currentTraceparent(),
      });
      resultPublisher.poke();
    },
    depths: () => ({
      spooled_events: events.waiting(),
      spooled_results: results.waiting(),
      spool_bytes: events.bytes() + results.bytes(),
      spool_limit_bytes: maxBytes,
      spool_oldest_seconds: ageOf([events.oldest(), results.oldest()], clock.now()),
      lost_events: unspooled.lost(),
    }),
    problems: () => [...problemsOf(events), ...unspooled.problems()],
    stop: async () => {
      // The last results say "unknown" of what was under way: sent now they spare a run its timeout.
      for (let waited = 0; waited < DRAIN_MS && results.waiting() > 0; waited += DRAIN_STEP_MS)
        await sleep(DRAIN_STEP_MS);
      await Promise.all([eventPublisher.stop(), resultPublisher.stop()]);
      await Promise.all([events.stop(), results.stop()]);
    },
  };
}

const ageOf = (times: readonly (string | undefined)[], now: Date): number =>
  Math.max(0, ...times.map((at) => (at === undefined ? 0 : now.getTime() - Date.parse(at)))) / 1000;

/** The way around a disk that takes nothing more: straight to the bus, once. What does not get through is counted and told by the heartbeat. */
function createUnspooled({ bus, log }: Pick<Needs, 'bus' | 'log'>) {
  let lost = 0;
  return {
    send: async ({ id, subject, body }: Entry, err: unknown): Promise<void> => {
      log.error({ err, subject }, 'an event could not be kept on disk and goes out at once');
      const nats = bus.current();
      await (nats?.publish(subject, body, { id }) ?? Promise.reject(errors.unavailable({ bus: 'away' }))).catch(
        (error: unknown) => {
          lost += 1;
          log.error({ err: error, subject }, 'an event was lost: neither kept nor sent');
        },
      );
    },
    lost: () => lost,
    problems: (): string[] =>
      lost === 0 ? [] : [`${lost} events were lost: the disk takes nothing more, and the bus was away`],
  };
}

async function openSpool(options: Parameters<typeof Spool.open>[0]): Promise<Spool> {
  try {
    return await Spool.open(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.unavailable({ spool: options.folder, reason }, { cause });
  }
}

const problemsOf = (events: Spool): string[] => {
  const gap = events.gap();
  return gap === undefined ? [] : [`${gap.count} events were cut and that is not told yet`];
};
