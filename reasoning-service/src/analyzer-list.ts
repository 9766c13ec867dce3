import { analyzers } from './diagnosis/analyzers.ts';

/** The kinds that are looked at as a Markdown table, for the documentation. */
const rows = analyzers.map(
  ({ kind, finds, rules }) =>
    `| ${kind} | ${finds} | ${rules.map(({ name }) => `\`${name}\``).join(', ') || 'its status'} |`,
);
process.stdout.write([`| ${analyzers.length} kinds | what is found | by |`, '|---|---|---|', ...rows, ''].join('\n'));
