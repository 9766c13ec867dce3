import { z } from 'zod';

const Variables = z.object({ retentionVariables: z.record(z.string(), z.custom<z.ZodType>()) });
const Shown = z.object({ description: z.string(), default: z.int(), minimum: z.int() });

const rowsOf = async (service: string): Promise<string[]> => {
  const { retentionVariables } = Variables.parse(
    await import(new URL(`../../${service}/src/retention.ts`, import.meta.url).href),
  );
  return Object.entries(retentionVariables).map(([name, schema]) => {
    const shown = Shown.parse(z.toJSONSchema(schema, { io: 'output' }));
    return `| ${service} | \`${name}\` | ${shown.description} | ${shown.default} | ${shown.minimum} |`;
  });
};

/** How long what is kept, as the configuration of the services says it. */
export async function retentionTable(services: readonly string[]): Promise<string> {
  const rows = await Promise.all(services.map(rowsOf));
  return [
    '# How long what is kept',
    '',
    'Days, by variable; generated from the configuration of the services. What it means, and what is never removed: [operations.md](operations.md#retention).',
    '',
    '| service | variable | what | default | at least |',
    '|---|---|---|---|---|',
    ...rows.flat(),
    '',
  ].join('\n');
}
