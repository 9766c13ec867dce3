import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../run.ts';
import { readmeOf } from './chart-readme.ts';
import type { GeneratedDocument } from './generated-document.ts';
import { valuesIn } from './values-file.ts';
import { schemaOf } from './values-schema.ts';

export const charts = 'deployments/charts';

/** The fewest words that bring each chart up. */
const installs: Record<string, string> = {
  aetherius: `
helm install aetherius deployments/charts/aetherius --namespace aetherius --create-namespace \\
  --set nats.url=tls://bus.example.com:4222`,
  'aetherius-agent': `
helm install aetherius-agent deployments/charts/aetherius-agent --namespace aetherius-agent --create-namespace \\
  --set clusterName=west-1 --set url=tls://bus.example.com:4222 --set-file token=west-1.token`,
};

/** Templates that the agent's chart has too. */
const shared = ['_common.tpl', '_restricted.tpl'];

const read = (...path: string[]): string => readFileSync(join(root, charts, ...path), 'utf8');
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function documentsOf(name: string, install: string): GeneratedDocument[] {
  const { version, description } = parse(read(name, 'Chart.yaml')) as { version: string; description: string };
  const values = valuesIn(read(name, 'values.yaml'));
  return [
    { file: `${charts}/${name}/README.md`, text: readmeOf({ name, version, description, install, values }) },
    { file: `${charts}/${name}/values.schema.json`, text: json(schemaOf(name, values)) },
  ];
}

/** The first words of each service's paths: `/api/v1/incidents` and all below it goes to one service alone. */
export function pathsOf(openApi: { paths: Record<string, unknown> }): string[] {
  const beginnings = Object.keys(openApi.paths).map((path) => path.split('/').slice(0, 4).join('/'));
  return [...new Set(beginnings)].sort();
}

/** What in the charts is made from something else: their pages, their schemas, the shared template, the paths of the one door. */
export function chartDocuments(openApis: Record<string, string>): GeneratedDocument[] {
  const paths = Object.entries(openApis).map(([service, text]) => [service, pathsOf(JSON.parse(text))]);
  return [
    ...Object.entries(installs).flatMap(([name, install]) => documentsOf(name, install)),
    ...shared.map((file) => ({
      file: `${charts}/aetherius-agent/templates/${file}`,
      text: read('aetherius', 'templates', file),
    })),
    { file: `${charts}/aetherius/files/paths.json`, text: json(Object.fromEntries(paths)) },
  ];
}
