/** Epoch milliseconds of a time as people and exporters write it: ISO 8601 (UTC when no zone is given), or epoch s, ms, µs, ns. */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(trimmed)) return fromEpoch(Number(trimmed));
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?(?:\s.*)?$/.exec(trimmed);
  if (parts === null) return undefined;
  const [, day = '', clock = '00:00', fraction = '', zone = 'Z'] = parts;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const parsed = Date.parse(
    `${day}T${clock.length === 5 ? `${clock}:00` : clock}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`,
  );
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** The size of an epoch time tells its unit: seconds reach 1e11 in the year 5138. */
function fromEpoch(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size < 1e11) return value * 1000;
  if (size < 1e14) return value;
  return size < 1e17 ? value / 1000 : value / 1_000_000;
}
