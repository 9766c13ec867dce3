import type { StoredIncident } from './incident-library.ts';

/** An incident as text: one line for each object, event and log, which keeps a large library small and its changes readable. */
export function incidentText(incident: StoredIncident): string {
  const fields = Object.entries(incident).map(([name, value]) => `${quoted(name)}: ${fieldText(name, value)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

const quoted = (value: unknown): string => JSON.stringify(value);

function fieldText(name: string, value: unknown): string {
  if ((name !== 'bundle' && name !== 'pasted') || typeof value !== 'object' || value === null) return quoted(value);
  const inner = Object.entries(value).map(([key, one]) => `${quoted(key)}: ${listText(one)}`);
  return `{\n${inner.join(',\n')}\n}`;
}

const listText = (value: unknown): string =>
  Array.isArray(value) && value.length > 0 ? `[\n${value.map(quoted).join(',\n')}\n]` : quoted(value);
