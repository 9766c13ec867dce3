import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../run.ts';

const folder = 'deployments/monitoring/rules';
/** The page that has a section for each alert. */
export const runbooksFile = 'docs/runbooks/alerts.md';

const Alert = z.strictObject({
  alert: z.string().regex(/^Aetherius[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'high', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() }),
});
const Recording = z.strictObject({ record: z.string(), expr: z.string() });
const RuleFile = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(z.union([Alert, Recording])) })),
});
type Rule = z.infer<typeof Alert> | z.infer<typeof Recording>;

/** The files of rules, as paths below the repository. */
export const ruleFiles = (): string[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`);

const rules = (): Rule[] =>
  ruleFiles().flatMap((file) =>
    RuleFile.parse(parse(readFileSync(join(root, file), 'utf8'))).groups.flatMap((group) => group.rules),
  );

/** Every alert that is declared. */
export const alerts = (): z.infer<typeof Alert>[] => rules().filter((rule) => 'alert' in rule);

/** Every series that is made from others. */
export const recordings = (): z.infer<typeof Recording>[] => rules().filter((rule) => 'record' in rule);
