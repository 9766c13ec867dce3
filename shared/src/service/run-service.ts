import { z } from 'zod';
import { AetheriusError } from '../errors/index.ts';
import { createLogger, type Logger } from '../log/index.ts';
import { startTracing } from '../tracing/index.ts';
import { loadConfig } from './load-config.ts';
import { levelIn } from './log-level.ts';
import { requireNode } from './node-version.ts';

const TracingVariables = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
});

/** Something that is owned: it drains and ends in `stop`. */
export type Part = { stop(): Promise<void> | void };
export type Own = <P extends Part>(name: string, part: P) => P;
export type Build = (tools: { own: Own; signal: AbortSignal; log: Logger }) => Promise<void>;

const DEADLINE_MS = 10_000;

/**
 * Starts the parts in order and stops them in reverse on SIGTERM or SIGINT, within one deadline.
 * 1. `signal` fires first, so that readiness turns false and loops wind down.
 * 2. A part that fails to start stops those before it, and the process exits 1 with one line that names the cause.
 */
export async function runService(name: string, build: Build): Promise<void> {
  const log = createLogger(name, levelIn(process.env));
  const abort = new AbortController();
  const parts: { name: string; part: Part }[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> => {
    stopping ??= stopAll({ parts, abort, log }).then((clean) => process.exit(clean ? code : 1));
    return stopping;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  process.on('unhandledRejection', (err) => {
    log.fatal({ err }, 'an unhandled failure ends the service');
    void stop(1);
  });
  const own: Own = (partName, part) => {
    parts.push({ name: partName, part });
    // Whoever was told to stop meanwhile starts nothing more.
    abort.signal.throwIfAborted();
    return part;
  };
  try {
    requireNode();
    const traced = loadConfig(TracingVariables, process.env);
    const tracing = await startTracing({
      service: name,
      endpoint: traced.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: traced.OTEL_EXPORTER_OTLP_HEADERS,
    });
    if (tracing !== undefined) own('tracing', tracing);
    await build({ own, signal: abort.signal, log });
    log.info({ parts: parts.map((part) => part.name) }, 'started');
  } catch (err) {
    // What is stopped under a start that waits for it fails there, which is no failure.
    if (abort.signal.aborted) log.info('told to stop before it had started');
    else
      log.fatal(err instanceof AetheriusError ? { code: err.code, reason: err.message } : { err }, 'could not start');
    await stop(1);
  }
}

async function stopAll({
  parts,
  abort,
  log,
}: {
  parts: { name: string; part: Part }[];
  abort: AbortController;
  log: Logger;
}) {
  abort.abort();
  const deadline = setTimeout(() => {
    log.error({ deadline_ms: DEADLINE_MS }, 'stopping took too long');
    process.exit(1);
  }, DEADLINE_MS);
  let clean = true;
  for (const { name, part } of parts.reverse()) {
    try {
      await part.stop();
    } catch (err) {
      clean = false;
      log.error({ err, part: name }, 'a part did not stop cleanly');
    }
  }
  clearTimeout(deadline);
  log.info('stopped');
  return clean;
}
