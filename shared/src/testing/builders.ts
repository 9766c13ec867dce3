import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Bundle, Command, Diagnosis, Event, fingerprintOf } from '../contracts/index.ts';

const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../contracts/samples/${name}.json`, import.meta.url), 'utf8'));

let made = 0;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** A valid event of its own id; `owner` decides the fingerprint unless one is given. */
export function anEvent(overrides: Partial<Event> = {}): Event {
  made += 1;
  const event = Event.parse({ ...sample('event'), id: hash(`event ${made}`), ...overrides });
  const subject = overrides.owner ?? event.owner;
  if (overrides.fingerprint !== undefined || subject === null || subject === undefined) return event;
  return { ...event, fingerprint: fingerprintOf(event.cluster_id, subject) };
}

export const aBundle = (overrides: Partial<Bundle> = {}): Bundle =>
  Bundle.parse({ ...(sample('question')['bundle'] as object), ...overrides });
export const aDiagnosis = (overrides: Partial<Diagnosis> = {}): Diagnosis =>
  Diagnosis.parse({ ...(sample('answer')['diagnosis'] as object), ...overrides });
export const aCommand = (overrides: Partial<Command> = {}): Command =>
  Command.parse({ ...sample('command'), ...overrides });
