import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { FormerSchema } from './former-schema.ts';

const file = (part: string) => new URL(`./samples/${part}.json`, import.meta.url);
const read = (part: string): unknown => JSON.parse(readFileSync(file(part), 'utf8'));

const FormerCharts = z.object({
  version: z.string(),
  /** Each chart's values as it was shipped with them. */
  values: z.record(z.string(), z.record(z.string(), z.json())),
  /** What of each documented installation cannot be changed. */
  kept: z.record(z.string(), z.record(z.string(), z.json())),
});
/** Each channel's sample and the schema by which the former version read it. */
const FormerMessages = z.record(
  z.string(),
  z.object({ sample: z.record(z.string(), z.json()), schema: z.record(z.string(), z.json()) }),
);

/** What the former version left behind, as `npm run baseline` recorded it when that was released. */
export const formerSchemas = (): Record<string, FormerSchema> =>
  z.record(z.string(), FormerSchema).parse(read('database'));
export const formerCharts = (): z.infer<typeof FormerCharts> => FormerCharts.parse(read('charts'));
export const formerMessages = (): z.infer<typeof FormerMessages> => FormerMessages.parse(read('messages'));

/** Writes a part of the record, each entry of it on a line of its own, so that a change of one shows as one. */
export function writePart(part: 'database' | 'charts' | 'messages', content: object): void {
  writeFileSync(file(part), `${lines(content, part === 'database' ? 3 : 2)}\n`);
}

function lines(value: unknown, deep: number): string {
  if (deep === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(([name, part]) =>
    Array.isArray(value) ? lines(part, deep - 1) : `${JSON.stringify(name)}: ${lines(part, deep - 1)}`,
  );
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(',\n')}\n${close}`;
}
