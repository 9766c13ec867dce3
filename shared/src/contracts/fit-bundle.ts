import { type Bundle, MAX_BUNDLE_BYTES } from './bundle.ts';

type Cut = { says: string; make: (bundle: Bundle) => Bundle };

const keepLines = (most: number): Cut => ({
  says: `logs: only the last ${most} lines of each container`,
  make: (bundle) => ({ ...bundle, logs: bundle.logs.map((log) => ({ ...log, lines: log.lines.slice(-most) })) }),
});
const keepEvents = (most: number): Cut => ({
  says: `events: only the last ${most}`,
  make: (bundle) => ({ ...bundle, events: bundle.events.slice(-most) }),
});
const keepObjects = (most: number): Cut => ({
  says: `objects: only the first ${most}`,
  make: (bundle) => ({ ...bundle, objects: bundle.objects.slice(0, most) }),
});
const keepChanges = (most: number): Cut => ({
  says: `changes: only the first ${most} fields`,
  make: (bundle) => ({
    ...bundle,
    changes: bundle.changes.map((one) => ({ ...one, fields: one.fields.slice(0, most) })),
  }),
});
const noLogs: Cut = { says: 'logs: left out', make: (bundle) => ({ ...bundle, logs: [] }) };

/** What is dearest goes last: the object itself and the newest events. */
const cuts: readonly Cut[] = [
  keepLines(20),
  keepEvents(30),
  keepObjects(8),
  keepLines(5),
  keepChanges(10),
  keepObjects(4),
  keepEvents(10),
  noLogs,
  keepObjects(1),
  keepObjects(0),
];

const bytes = (bundle: Bundle): number => Buffer.byteLength(JSON.stringify(bundle));

/** The bundle within its limit; each cut that was needed is stated in it. */
export function fitBundle(bundle: Bundle, most = MAX_BUNDLE_BYTES): Bundle {
  return cuts.reduce((kept, { says, make }) => {
    if (bytes(kept) <= most) return kept;
    const smaller = make(kept);
    return { ...smaller, cut: [...smaller.cut, says] };
  }, bundle);
}
