import { z } from 'zod';

const Found = z.object({ name: z.string(), severity: z.string(), range: z.string() });
const Report = z.object({ auditReportVersion: z.literal(2), vulnerabilities: z.record(z.string(), Found) });
const Failure = z.object({ message: z.string() });

export type Audit = { outcome: 'passed' | 'failed' | 'skipped'; lines: string[] };

const grave = new Set(['high', 'critical']);

/** What the answer of `npm audit --json` means: no answer of the registry is neither good nor bad news. */
export function judgeAudit(output: string): Audit {
  const answer = parsed(output);
  const report = Report.safeParse(answer);
  if (!report.success) {
    const reason = Failure.safeParse(answer).data?.message ?? 'npm gave no report';
    return { outcome: 'skipped', lines: [`the registry could not be asked about known weaknesses: ${reason}`] };
  }
  const all = Object.values(report.data.vulnerabilities);
  const found = all.filter(({ severity }) => grave.has(severity));
  const lines = found.map(({ name, severity, range }) => `${severity}: ${name} ${range}`);
  const others = all.length - found.length;
  return {
    outcome: found.length === 0 ? 'passed' : 'failed',
    lines: others === 0 ? lines : [...lines, `and ${others} of lower severity, which npm audit names`],
  };
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
