import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { channels, streams } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { actionsTable } from './actions-table.ts';
import { chartDocuments } from './charts/chart-documents.ts';
import type { GeneratedDocument } from './charts/generated-document.ts';
import { monitoringDocuments } from './monitoring/monitoring-documents.ts';
import { retentionTable } from './retention-table.ts';
import { root } from './run.ts';

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

const listed = /(<!-- analyzers -->\n)[\s\S]*?(<!-- \/analyzers -->)/;

/** The page about the command, with the table of kinds that are looked at in its place. */
function diagnosePage(): GeneratedDocument {
  const file = 'docs/diagnose.md';
  const table = execFileSync('node', ['--conditions=source', 'reasoning-service/src/analyzer-list.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { file, text: readFileSync(join(root, file), 'utf8').replace(listed, `$1${table}$2`) };
}

/** What is made from the code, as the code says it now: `docs/api`, a part of `docs/diagnose.md`, the tables of ages and of actions, the dashboards, and parts of the charts. */
export const generatedDocuments = async (): Promise<GeneratedDocument[]> => {
  const openApis = services.map(openApi);
  const texts = Object.fromEntries(services.map((service, at) => [service, openApis[at]?.text ?? '{}']));
  const ages = { file: 'docs/retention.md', text: await retentionTable(services) };
  const actions = { file: 'docs/actions.md', text: actionsTable() };
  return [...openApis, messages(), diagnosePage(), ages, actions, ...chartDocuments(texts), ...monitoringDocuments()];
};
