import type { CommandResult, Event } from '@aetherius/shared/contracts';
import { redactDeep } from '@aetherius/shared/redact';

/** Most bytes of a command's output. */
const MAX_OUTPUT_BYTES = 256 * 1024;
/** Room for the rest of an event around its bundle. */
const MAX_EVENT_BYTES = 800 * 1024;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** An event as it may leave the cluster: without secrets, and without its bundle when that would be too much for the bus. */
export function fitEvent(event: Event): Event {
  const clean = redactDeep(event);
  if (clean.bundle === null || bytesOf(clean) <= MAX_EVENT_BYTES) return clean;
  return { ...clean, bundle: null, labels: { ...clean.labels, bundle: 'left out: too large' } };
}

/** A result as it may leave the cluster: without secrets, its output cut to size and marked where it was too long. */
export function fitResult(result: CommandResult): CommandResult {
  const clean = redactDeep(result);
  const output = bytesOf(clean.output) <= MAX_OUTPUT_BYTES ? clean.output : cutOutput(clean.output);
  const changed = bytesOf(clean.changed) <= MAX_OUTPUT_BYTES ? clean.changed : cutChanged(clean.changed);
  return { ...clean, output, changed };
}

/** The longest list goes down to its last members (the newest lines and events); anything else is cut as text. */
function cutOutput(output: CommandResult['output']): CommandResult['output'] {
  if (output === null) return null;
  const [key, list] = Object.entries(output).find(([, value]) => Array.isArray(value)) ?? [];
  if (key !== undefined && Array.isArray(list)) {
    const kept = lastThatFit(list, MAX_OUTPUT_BYTES - bytesOf({ ...output, [key]: [] }) - 64);
    if (kept.length > 0)
      return { ...output, [key]: kept, cut: `${list.length - kept.length} of ${list.length} left out` };
  }
  return { cut: 'too large', beginning: JSON.stringify(output).slice(0, MAX_OUTPUT_BYTES / 4) };
}

function lastThatFit<T>(list: T[], room: number): T[] {
  let bytes = 0;
  const start = list.findLastIndex((item) => {
    bytes += bytesOf(item) + 1;
    return bytes > room;
  });
  return list.slice(start + 1);
}

const cutChanged = (changed: CommandResult['changed']): CommandResult['changed'] =>
  changed && { before: { cut: 'too large' }, after: { cut: 'too large' }, hash: changed.hash };
