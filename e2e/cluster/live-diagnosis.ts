import { fileURLToPath } from 'node:url';
import { errors } from '@aetherius/shared/errors';
import { runCommand } from './command.ts';
import type { Answer } from './standard-table.ts';

const command = fileURLToPath(new URL('../../local/src/diagnose.ts', import.meta.url));

type Printed = Answer & { further_findings: Answer[]; cut: string[] };

/** What `npm run diagnose` says of a live cluster, all of it, and how long it took. */
export async function diagnoseLive(kubeconfig: string): Promise<{ said: Answer[]; seconds: number }> {
  const begun = performance.now();
  const args = ['--conditions=source', command, '--kubeconfig', kubeconfig, '--all-namespaces', '--json'];
  const { further_findings, cut, ...main } = JSON.parse(await runCommand(process.execPath, args)) as Printed;
  if (cut.length > 0) throw errors.unavailable({ part: 'npm run diagnose', reason: `left out: ${cut.join('; ')}` });
  const said = [main, ...further_findings].filter(({ category }) => category !== 'no_incident');
  return { said, seconds: (performance.now() - begun) / 1000 };
}
