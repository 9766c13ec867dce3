import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { channels, streams } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { actionsTable } from './actions-table.ts';
import { Records } from './benchmark-report.ts';
import { chartDocuments } from './charts/chart-documents.ts';
import type { GeneratedDocument } from './charts/generated-document.ts';
import { imagesOf } from './images/images-of.ts';
import { imagesTable, withImages } from './images/images-table.ts';
import { monitoringDocuments } from './monitoring/monitoring-documents.ts';
import { retentionTable } from './retention-table.ts';
import { root } from './run.ts';
import { withSizing } from './sizing.ts';

const services = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Every message of the bus in one document: subject, stream, JSON schema. */
function messages(): GeneratedDocument {
  const described = Object.entries(channels).map(([name, { pattern, body }]) => [
    name,
    {
      subject: pattern,
      stream: streams.find(({ subjects }) => subjects.includes(pattern))?.name ?? null,
      schema: z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }),
    },
  ]);
  return { file: 'docs/api/messages.json', text: json(Object.fromEntries(described)) };
}

function openApi(service: string): GeneratedDocument {
  const text = execFileSync('node', ['--conditions=source', `${service}/src/openapi.ts`], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  return { file: `docs/api/${service}.json`, text: json(JSON.parse(text)) };
}

/** The parts of the page about the command that a program prints. */
const printed = {
  categories: 'src/category-list.ts',
  analyzers: 'src/analyzer-list.ts',
  incidents: 'bench/source-list.ts',
} as const;

/** The page about the command, with the categories, the kinds that are looked at and the sources of the recorded incidents in their places. */
function diagnosePage(): GeneratedDocument {
  const file = 'docs/diagnose.md';
  const text = Object.entries(printed).reduce(
    (page, [place, script]) => {
      const args = ['--conditions=source', `reasoning-service/${script}`];
      const table = execFileSync('node', args, { cwd: root, encoding: 'utf8' });
      const part = new RegExp(`(<!-- ${place} -->\\n)[\\s\\S]*?(<!-- /${place} -->)`);
      return page.replace(part, `$1${table}$2`);
    },
    readFileSync(join(root, file), 'utf8'),
  );
  return { file, text };
}

/** The page about operations, with the figures of the benches and the images of each way of installing in their places. */
function operationsPage(): GeneratedDocument {
  const file = 'docs/operations.md';
  const text = (name: string) => readFileSync(join(root, name), 'utf8');
  const measured = withSizing(text(file), Records.parse(JSON.parse(text('docs/benchmarks.json'))));
  return {
    file,
    text: withImages(measured, imagesTable({ charts: imagesOf('charts'), compose: imagesOf('compose') })),
  };
}

/** What is made from the code, as the code says it now: `docs/api`, parts of `docs/diagnose.md` and `docs/operations.md`, the tables of ages and of actions, the dashboards, and parts of the charts. */
export const generatedDocuments = async (): Promise<GeneratedDocument[]> => {
  const openApis = services.map(openApi);
  const texts = Object.fromEntries(services.map((service, at) => [service, openApis[at]?.text ?? '{}']));
  const ages = { file: 'docs/retention.md', text: await retentionTable(services) };
  const actions = { file: 'docs/actions.md', text: actionsTable() };
  const pages = [diagnosePage(), operationsPage(), ages, actions];
  return [...openApis, messages(), ...pages, ...chartDocuments(texts), ...monitoringDocuments()];
};
