import type { ChartValue } from './values-file.ts';

type Chart = { name: string; version: string; description: string; install: string; values: readonly ChartValue[] };

/** The README of a chart: how it is installed, and every value with its default. */
export const readmeOf = ({ name, version, description, install, values }: Chart): string =>
  [
    `# ${name}`,
    '',
    description,
    '',
    `Chart ${version}. This page is made from \`values.yaml\`; docs/deploy-kubernetes.md tells how an installation is put together.`,
    '',
    ...install
      .trim()
      .split('\n')
      .map((line) => `    ${line}`),
    '',
    '| value | default | what it is for |',
    '|---|---|---|',
    ...values.map(
      ({ path, value, description: meaning }) => `| \`${path.join('.')}\` | ${shown(value)} | ${cell(meaning)} |`,
    ),
    '',
  ].join('\n');

const shown = (value: unknown): string => `\`${cell(JSON.stringify(value))}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|');
