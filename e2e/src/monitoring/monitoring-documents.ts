import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { charts } from '../charts/chart-documents.ts';
import type { GeneratedDocument } from '../charts/generated-document.ts';
import { root } from '../run.ts';
import { grafana } from './dashboard.ts';
import { dashboards } from './dashboards.ts';
import { ruleFiles, runbooksFile } from './rules.ts';

/** The agent's own series are seen by the Prometheus of its cluster: they go with its chart. */
const chartOf = (file: string): string => (basename(file) === 'agent.yaml' ? 'aetherius-agent' : 'aetherius');

/**
 * Dashboards as Grafana reads them, and the copies of rules and dashboards in the charts: Helm takes no file from outside of a
 * chart. The manager has its copy of the runbooks for the same reason: its image holds no folder but its own.
 */
export function monitoringDocuments(): GeneratedDocument[] {
  const drawn = dashboards.map((dashboard) => ({
    name: `${dashboard.name}.json`,
    text: `${JSON.stringify(grafana(dashboard), null, 2)}\n`,
  }));
  return [
    { file: 'agent-manager/runbooks/alerts.md', text: readFileSync(join(root, runbooksFile), 'utf8') },
    ...drawn.flatMap(({ name, text }) => [
      { file: `deployments/monitoring/dashboards/${name}`, text },
      { file: `${charts}/aetherius/files/dashboards/${name}`, text },
    ]),
    ...ruleFiles().map((file) => ({
      file: `${charts}/${chartOf(file)}/files/rules/${basename(file)}`,
      text: readFileSync(join(root, file), 'utf8'),
    })),
  ];
}
