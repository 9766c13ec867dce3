import { spawnSync } from 'node:child_process';
import { judgeAudit } from './audit-report.ts';
import { root } from './run.ts';

// It ends with 1 both for a weakness and for a registry that does not answer, so only its report tells.
const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 64e6 });
const { outcome, lines } = judgeAudit(stdout ?? '');
for (const line of lines) console.log(line);
const count = (wanted: typeof outcome) => `${Number(outcome === wanted)} ${wanted}`;
console.log(`${count('passed')}, ${count('failed')}, ${count('skipped')}`);
process.exitCode = outcome === 'failed' ? 1 : 0;
